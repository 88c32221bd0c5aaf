/* weight: what BM25Weight and OrPostList of Xapian 1.4.22 make of frequencies. Pure. */
#include "weight.h"

#include <math.h>

double weight_most(double documents, double frequency, double factor, double k1)
{
    double weight = (documents - frequency + 0.5) / (frequency + 0.5);
    if (weight < 2)
        weight = weight * 0.5 + 1;
    return log(weight) * factor * (k1 + 1);
}

/* Documents that have one of two terms, of those that have each: as if the one knew nothing of the other. */
static double either(double left, double right, double documents)
{
    return floor(left + right - left * right / documents + 0.5);
}

/* A heap as libstdc++ makes it, the fewest documents first: where two are equal, what it does decides how numbers are
 * rounded, and Xapian's weights depend on that. */
static void guess_rise(struct guess *guesses, size_t hole, size_t top, struct guess value)
{
    for (; hole > top && guesses[(hole - 1) / 2].here > value.here; hole = (hole - 1) / 2)
        guesses[hole] = guesses[(hole - 1) / 2];
    guesses[hole] = value;
}

static void guess_adjust(struct guess *guesses, size_t hole, size_t count, struct guess value)
{
    size_t top = hole, child = hole;
    while (count > 0 && child < (count - 1) / 2) {
        child = 2 * (child + 1);
        if (guesses[child].here > guesses[child - 1].here)
            child--;
        guesses[hole] = guesses[child];
        hole = child;
    }
    if (count % 2 == 0 && count >= 2 && child == (count - 2) / 2) {
        child = 2 * (child + 1);
        guesses[hole] = guesses[child - 1];
        hole = child - 1;
    }
    guess_rise(guesses, hole, top, value);
}

static void guess_pop(struct guess *guesses, size_t count)
{
    struct guess last = guesses[count - 1];
    if (count < 2)
        return;
    guesses[count - 1] = guesses[0];
    guess_adjust(guesses, 0, count - 1, last);
}

double guess_any(struct guess *guesses, size_t count, double here, double all)
{
    for (size_t parent = count / 2; count > 1 && parent-- > 0;)
        guess_adjust(guesses, parent, count, guesses[parent]);
    while (count > 1) {
        struct guess right = guesses[0];
        guess_pop(guesses, count--);
        struct guess left = guesses[0];
        struct guess both = {either(left.here, right.here, here), either(left.all, right.all, all)};
        guess_pop(guesses, count);
        guess_rise(guesses, count - 1, 0, both);
    }
    return guesses[0].all;
}
