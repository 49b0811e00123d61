/* A program without libraries, small enough for the fuzzer: a switch, a loop, calls, recursion, a
 * table of functions. */
static int plus(int x) {
    return x + 1;
}
static int twice(int x) {
    return x * 2;
}
int (*const table[])(int) = {plus, twice};
__attribute__((noinline)) int cases(int x) {
    switch (x) {
    case 0:
        return 7;
    case 1:
        return table[x](x);
    case 2:
        return x * 9;
    case 3:
        return cases(x - 1) + 3;
    case 4:
        return 11;
    case 5:
        return -x;
    }
    return x;
}
__attribute__((noinline)) double sum(const double *p, int n) {
    double s = 0;
    while (n--)
        s += *p++;
    return s;
}
__attribute__((noinline)) long double wide(long double a) {
    return a * 2;
}
void _start(void) {
    static double numbers[4];
    int result = cases((int)sum(numbers, 4)) + table[numbers[1] > 0](3) + (int)wide(numbers[2]);
    __asm__ volatile("syscall" : : "a"(60), "D"(result));
    __builtin_unreachable();
}
