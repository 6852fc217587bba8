/* What entries of earlier missions do to the state of this one: the counters are those that it
 * would have if it had been in force all along (policy/recount.h).
 *
 *   decision    ALLOW: counted, whatever this mission would have said; others: nothing
 *   boot        leases end
 *   feed        what was said then
 *   trip        at least that mode
 *   resume      the mode is normal again, and peaks begin where they are
 *   revocation  of a principal or rule that has the name here as well
 *   activate    principals that were revoked are revoked here, by their keys. When the units of the
 *               mission before were others, or not all that was signed could be counted, this
 *               mission begins halted: its quorum resumes it, and knows that
 *
 * An enclave that comes back under another mission and whoever replays a log run the same lines. */
#ifndef ZC_ENCLAVE_CHANGE_PAST_H
#define ZC_ENCLAVE_CHANGE_PAST_H

#include "enclave/replay.h"
#include "intent/intent.h"

typedef struct zc_past {
    bool incomplete; /* something could not be counted */
} zc_past;

/* Takes an entry whose mission is another than side->mission. `intent` is scratch, and holds the
 * decision's afterwards. Errors: ZC_ENCLAVE_BAD_JOURNAL and those of the readers. */
ZC_MUST_USE zc_result zc_past_take(zc_past *past, const zc_replay_side *side,
                                   const zc_audit_entry *entry, const zc_audit_opening *opening,
                                   zc_intent *intent);

#endif
