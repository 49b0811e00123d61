/* registry.h: descriptors register themselves by a pointer in a linker section of their type, so
 * that adding one is adding a file. The objects are linked directly: a section in an archive would
 * be dropped. */
#ifndef SWITCHLAB_REGISTRY_H
#define SWITCHLAB_REGISTRY_H

#include <stddef.h>

/* declares `struct TYPE` lists: TYPE_all() gives the registered ones sorted by name, NULL at the
 * end; TYPE_find() one of them */
#define REGISTRY(type)                                                                             \
    struct type;                                                                                   \
    const struct type *const *type##_all(void);                                                    \
    const struct type *type##_find(const char *name);

#define REGISTER(type, object)                                                                     \
    static const struct type *const registered_##object                                            \
        __attribute__((used, retain, section("registry_" #type))) = &object

/* defines what REGISTRY declares; order(a, b) compares two descriptors as strcmp does */
#define DEFINE_REGISTRY(type, order)                                                               \
    /* weak: a registry may be empty */                                                           \
    extern const struct type *const __start_registry_##type[] __attribute__((weak));               \
    extern const struct type *const __stop_registry_##type[] __attribute__((weak));                \
    static int type##_compare(const void *a, const void *b) {                                      \
        return order(*(const struct type *const *)a, *(const struct type *const *)b);              \
    }                                                                                              \
    const struct type *const *type##_all(void) {                                                   \
        static const struct type **sorted;                                                         \
        if (sorted) return sorted;                                                                 \
        size_t n = (size_t)(__stop_registry_##type - __start_registry_##type);                     \
        sorted = calloc(n + 1, sizeof *sorted);                                                    \
        if (!sorted) abort();                                                                      \
        memcpy(sorted, __start_registry_##type, n * sizeof *sorted);                               \
        qsort(sorted, n, sizeof *sorted, type##_compare);                                          \
        return sorted;                                                                             \
    }                                                                                              \
    const struct type *type##_find(const char *name) {                                             \
        for (const struct type *const *p = type##_all(); *p; p++)                                  \
            if (strcmp((*p)->name, name) == 0) return *p;                                          \
        return NULL;                                                                               \
    }

#endif
