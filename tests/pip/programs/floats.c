/* Floating point and vectors. */
#include <math.h>
#include <stdio.h>

#define TRIED __attribute__((noinline, noclone))

TRIED static double t_mean(const double *p, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += p[i];
    return sum / n;
}
TRIED static float t_polynomial(float x, float a, float b, float c) {
    return (a * x + b) * x + c;
}
TRIED static double t_newton(double x) {
    double r = x > 1 ? x / 2 : 1;
    for (int i = 0; i < 20; i++) r = (r + x / r) / 2;
    return r;
}
TRIED static void t_saxpy(float *restrict y, const float *restrict x, float a, int n) {
    for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];
}
TRIED static int t_compare(double a, double b, float c) {
    return (a < b) + 2 * (a == b) + 4 * (c > (float)a) + 8 * (int)c + (int)(a * 100);
}
TRIED static long double t_long(long double a, long double b) {
    return a / b + 1;
}
TRIED static double t_mix(int i, double d, long l, float f) {
    return i + d * (double)l - f;
}
TRIED static double t_library(double x) {
    return sqrt(x) + floor(x) + t_newton(x);
}
typedef int vec __attribute__((vector_size(16)));
TRIED static vec t_vector(vec a, vec b) {
    return (a ^ b) + (a > b) * 3;
}
TRIED static void t_matrix(double *c, const double *a, const double *b, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
            c[i * n + j] = s;
        }
}
TRIED static void t_all(double seed) {
    double a[16], b[16], c[16];
    float x[20], y[20];
    for (int i = 0; i < 16; i++) a[i] = seed * (i + 1), b[i] = seed - i;
    for (int i = 0; i < 20; i++) x[i] = (float)i, y[i] = (float)(seed + i);
    t_matrix(c, a, b, 4);
    t_saxpy(y, x, 1.5f, 20);
    printf("%f %f %f %f\n", t_mean(a, 16), (double)t_polynomial(2, 3, 4, (float)seed), t_newton(seed), (double)y[19]);
    printf("%d %Lf %f %f\n", t_compare(seed, 2, 3.5f), t_long((long double)seed, 3), t_mix(1, seed, 3, 4), t_library(seed));
    vec v = t_vector((vec){1, 2, 3, (int)seed}, (vec){9, 1, 3, 4});
    printf("%d %d %d %d\n", v[0], v[1], v[2], v[3]);
    for (int i = 0; i < 16; i++) printf("%f ", c[i]);
    for (int i = 0; i < 20; i++) printf("%f ", (double)y[i]);
    printf("\n");
}
int main(void) {
    t_all(1.75);
    t_all(12.5);
    return 0;
}
