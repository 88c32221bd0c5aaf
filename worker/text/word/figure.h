/* figure: a quick look at a number in the clean text that tells which rules cannot want it. Most numbers are years,
 * times of day, counts and numbers of lists, which none of them wants.
 *
 * A look may be wrong only by saying that a rule could want the number; then the rules themselves are asked. It rests
 * on the BODY_PAD bytes behind the text. */
#ifndef REFERENT_FIGURE_H
#define REFERENT_FIGURE_H

enum { FIGURE_AMOUNT = 1, FIGURE_DATE = 2, FIGURE_CASE = 4, FIGURE_ANY = 7 };

/* The rules that may want the digits at `at` and what stands behind them; *stop is behind the digits. */
unsigned figure_wants(const char *at, const char **stop);

#endif
