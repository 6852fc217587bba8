/* Risk scores of one request: asked of each model once, kept until the next request. */
#ifndef ZC_POLICY_SCORE_H
#define ZC_POLICY_SCORE_H

#include "policy/policy.h"

/* No longer is what zc_scores_write() writes. */
#define ZC_SCORES_MAX (ZC_MISSION_MAX_RISK_MODELS * (ZC_RISK_MAX_FEATURES * 9 + 128) + 16)

/* The model's score of the request, in millionths. */
int64_t zc_score_of(zc_policy_state *state, const zc_question *question, uint16_t model);

/* Whether a rule with a panel wants it: a REVIEW rule always, a RISK rule when its model was asked
 * and gave a score from which it does. */
bool zc_score_wants_review(const zc_policy_state *state, const zc_rule *rule);

/* Remembers a request that was allowed. */
void zc_score_observe(zc_policy_state *state, const zc_question *question);

/* What the models said of the request that `decision`, the last one, was about, as the log's rule
 * group ends with it when any was asked:
 *
 *   scores = [+ [model name, score in millionths, [* feature : int / null ; in 2^-16]]]
 *
 * Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_scores_write(const zc_policy_state *state, const zc_mission *mission,
                                      const zc_decision *decision, zc_writer *writer);

#endif
