/* connection: knows what becomes of its socket, also where the handshake is made before anybody looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connection.h"
#include "fake_worker.h"

#include <time.h>

enum { HANDSHAKE_MS = 200, PATIENCE_MS = 20000 };

int __real_zmq_connect(void *socket, const char *endpoint);
int __wrap_zmq_connect(void *socket, const char *endpoint);

/* Comes back when the handshake behind it is done. */
int __wrap_zmq_connect(void *socket, const char *endpoint)
{
    int result = __real_zmq_connect(socket, endpoint);
    nanosleep(&(struct timespec){.tv_nsec = HANDSHAKE_MS * 1000000L}, NULL);
    return result;
}

static bool becomes(struct connection *connection, const bool *what)
{
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;
    while (!*what && clock_steady_ms() < end_ms)
        assert_true(connection_wait(connection, 100));
    return *what;
}

static void a_handshake_that_is_made_at_once_is_seen_and_so_is_its_loss(void **state)
{
    (void)state;
    struct fake_worker fake;
    struct connection connection;
    struct error err;
    fake_start(&fake, "tcp://127.0.0.1:*");
    assert_int_equal(connection_open(&connection, fake.endpoint, &err), FAULT_NONE);
    assert_true(becomes(&connection, &connection.up));
    assert_int_equal(connection_renew(&connection, &err), FAULT_NONE);
    assert_false(connection.up);
    assert_true(becomes(&connection, &connection.up));
    fake_stop(&fake);
    assert_true(becomes(&connection, &connection.lost));
    assert_false(connection.up);
    connection_close(&connection, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_that_is_made_at_once_is_seen_and_so_is_its_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
