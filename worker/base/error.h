/* What went wrong, and what happens next.
 *
 * A fault says what the caller does; the error's rule names the rule that was broken and its text says why, in one
 * line, with the remedy where there is one. The lowest function that knows sets the error, those above pass it on
 * unchanged, and the last one logs it once. */
#ifndef REFERENT_ERROR_H
#define REFERENT_ERROR_H

#define NODISCARD             __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, rest) __attribute__((format(printf, at, rest)))

#ifdef __cplusplus
extern "C" {
#endif

enum fault {
    FAULT_NONE,   /* nothing is wrong */
    FAULT_REJECT, /* the input breaks a rule: receipt REJECTED, or an error to whoever asked */
    FAULT_RETRY,  /* later it may work: receipt RETRY */
    FAULT_REOPEN, /* a handle is dead or stale: reopen, replay or ask again; RETRY receipts while it lasts */
    FAULT_STOP    /* nothing can go on: drain and exit */
};

struct error {
    enum fault fault;
    char rule[48];  /* such as "body.utf8"; stable, clients match on it */
    char text[264]; /* one line, for people */
};

/* Fill err (which may be NULL) and return fault, so that `return error_set(...)` is one line.
 * Text that does not fit is cut; line breaks become spaces, and bytes that are no UTF-8 question marks. */
enum fault error_set(struct error *err, enum fault fault, const char *rule, const char *format, ...) PRINTF_LIKE(4, 5);

/* The fault's name for logs: "reject", "retry", "reopen", "stop", "none". */
const char *fault_name(enum fault fault);

/* Pass a fault on to the caller. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        enum fault try_fault = (call);                                                                                 \
        if (try_fault != FAULT_NONE)                                                                                   \
            return try_fault;                                                                                          \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
