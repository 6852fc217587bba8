/* Whether a connection begins like TLS, told from its first bytes before any memory is spent on it.
 */
#ifndef ZC_RUNTIME_HELLO_H
#define ZC_RUNTIME_HELLO_H

#include "base/slice.h"

/* The longest first record that is looked at; a ClientHello with a post-quantum key share has about
 * 1,600 bytes. */
#define ZC_HELLO_MAX 4096

typedef enum zc_hello {
    ZC_HELLO_MORE,  /* so far so good, and more is to come */
    ZC_HELLO_WHOLE, /* one record with one whole ClientHello, as far as lengths tell */
    ZC_HELLO_WRONG,
} zc_hello;

/* RFC 8446 §5.1 and §4: a handshake record, and in it a ClientHello that fills it. A ClientHello
 * spread over several records, which no client of ours sends, is wrong. */
zc_hello zc_hello_look(zc_slice first_bytes);

#endif
