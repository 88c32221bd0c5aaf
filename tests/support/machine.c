/* machine: a test as on a processor that can less. With REFERENT_MACHINE=old in the environment of a test program
 * __builtin_cpu_supports says no to everything, before main: what remains is what every x86-64 can. The compiler asks a
 * word of libgcc's, which is cleared here; a compiler that asks another one ends the program, so that no test proves
 * nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
extern struct {
    unsigned vendor, type, subtype, features[1];
} __cpu_model __attribute__((visibility("hidden")));

__attribute__((constructor)) static void machine_become(void)
{
    const char *wanted = getenv("REFERENT_MACHINE");
    if (wanted == NULL || strcmp(wanted, "old") != 0)
        return;
    __builtin_cpu_init();
    __cpu_model.features[0] = 0;
    if (__builtin_cpu_supports("avx2") || __builtin_cpu_supports("bmi") || __builtin_cpu_supports("popcnt")) {
        fputs("machine: this compiler asks the processor in another way\n", stderr);
        abort();
    }
}
#endif
