/* The one reply body that is not a flat table. For the files of wire/ alone. */
#ifndef ZC_WIRE_KEY_LIST_H
#define ZC_WIRE_KEY_LIST_H

#include "wire/message.h"

/* Errors as for replies. The writer may be left in the middle. */
ZC_MUST_USE zc_result zc_key_list_write(const zc_reply_key_list *list, zc_writer *writer);
ZC_MUST_USE zc_result zc_key_list_read(zc_reader *reader, zc_reply_key_list *ret_list);

#endif
