/* Private to the module: text of others, made harmless before it is shown. */
#ifndef ZC_INTENT_TEXT_H
#define ZC_INTENT_TEXT_H

#include "base/writer.h"

/* Writes `text` in printable ASCII: other characters as \u{hex}, bytes that are not UTF-8 as \xhh,
 * a backslash doubled. After a newline comes `margin`, so that no line of the text can pass for one
 * of ours; with a NULL margin newlines are escaped too. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_text_escape(zc_slice text, const char *margin, zc_writer *writer);

/* Whether a person would see all of it as it is: UTF-8 without control characters (but tab, newline
 * and carriage return), and without characters that have no width or turn the reading direction. */
bool zc_text_is_plain(zc_slice text);

#endif
