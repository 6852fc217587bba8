#include "unit/mission/broken.h"

static broken_case cases[] = {
    {"zc_mission_compile__empty_file__is_refused", NULL, "",
     "desk.yaml:1:1: error: the file is empty\n"},
    {"zc_mission_compile__only_a_comment__is_refused", NULL, "# nothing\n",
     "desk.yaml:1:1: error: the file is empty\n"},
    {"zc_mission_compile__a_list__is_refused", NULL, "- mission\n",
     "desk.yaml:1:1: error: wanted here: a mission: principals, quorum, assets, rules, as 'name: "
     "value' lines\n"},
    {"zc_mission_compile__not_yaml__is_refused", "version: 1", "version: [1",
     "desk.yaml:3:11: error: not YAML: did not find expected ',' or ']', while parsing a flow "
     "sequence\n"},
    {"zc_mission_compile__tab__is_refused", "  risk:\n", "\trisk:\n",
     "desk.yaml:4:1: error: not YAML: found character that cannot start any token, while scanning "
     "for the next token\n"},
    {"zc_mission_compile__not_utf_8__is_refused", "desk", "d\377sk",
     "desk.yaml:1:11: error: not plain UTF-8: invalid leading UTF-8 octet\n"},
    {"zc_mission_compile__two_documents__is_refused", "audit:", "---\naudit:",
     "desk.yaml:45:1: error: a second document begins here: a mission is one document\n"},
    {"zc_mission_compile__alias__is_refused",
     "who: trader\n    keys: hot-*\n    chains: ethereum\n    assets: USDC",
     "who: &w trader\n    keys: *w\n    chains: ethereum\n    assets: USDC",
     "desk.yaml:24:5: error: an alias (*\342\200\246) in here: write it out, so that reviewers see "
     "it where it counts\n"},
    {"zc_mission_compile__alias_to_itself__is_refused", "to: [treasury]", "to: &t [treasury, *t]",
     "desk.yaml:29:9: error: an alias (*\342\200\246) in here: write it out, so that reviewers see "
     "it where it counts\n"},
    {"zc_mission_compile__tag__is_refused", "version: 1", "version: !int 1",
     "desk.yaml:2:10: error: tags (!\342\200\246) have no meaning in a mission: leave it out\n"},
    {"zc_mission_compile__key_repeats__is_refused", "  swap:", "  pay:",
     "desk.yaml:34:3: error: 'pay' is here a second time (first in line 23)\n"},
    {"zc_mission_compile__key_is_a_list__is_refused",
     "quorum:", "? [a, b]\n: c\nquorum:", "desk.yaml:12:3: error: a key must be a word\n"},
    {"zc_mission_compile__unknown_section__is_refused", "rules:", "rule:",
     "desk.yaml:1:1: error: 'rules' is missing: what no rule allows is denied\n"
     "desk.yaml:22:1: error: rule: nothing here is called 'rule'; did you mean 'rules'? (known "
     "here: mission, version, open, principals, quorum, assets, contracts, recipients, rules, "
     "audit, reference, feeds, prices, markets, breakers, halt-lets-pass, "
     "risk-models, clear-signing, mission-change)\n"},
    {"zc_mission_compile__unknown_key_in_principal__is_refused", "roles: signer", "role: signer",
     "desk.yaml:9:5: error: principals.trader: 'roles' is missing: a list of founder, key-admin, "
     "approver, auditor, signer\n"
     "desk.yaml:11:5: error: principals.trader.role: nothing here is called 'role'; did you mean "
     "'roles'? (known here: organisation, key, roles)\n"},
    {"zc_mission_compile__unknown_key_in_rule__is_refused", "to: [treasury]",
     "recipient: [treasury]",
     "desk.yaml:24:5: error: rules.pay: 'to' is missing: what is allowed must be said; who may "
     "receive or spend (names or addresses), or 'any'\n"
     "desk.yaml:29:5: error: rules.pay.recipient: nothing here is called 'recipient' (known here: "
     "allow, deny, limit, restrict, who, keys, chains, assets, to, contracts, methods, uses, "
     "accept-risks, limits, review, hours, confine, reduce-only, markets, if, zone, open, "
     "closed-on, approvals, risk, model, review-at, \342\200\246)\n"},
    {"zc_mission_compile__missing_mission__is_refused", "mission: desk\n", "",
     "desk.yaml:1:1: error: 'mission' is missing: the mission's name\n"},
    {"zc_mission_compile__missing_version__is_refused", "version: 1\n", "",
     "desk.yaml:1:1: error: 'version' is missing: 'version: 1', the language of this file\n"},
    {"zc_mission_compile__version_2__is_refused", "version: 1", "version: 2",
     "desk.yaml:2:10: error: version: the version of the language is a whole number from 1 to 1, "
     "not '2'\n"},
    {"zc_mission_compile__open_maybe__is_refused", "version: 1", "version: 1\nopen: maybe",
     "desk.yaml:3:7: error: open: this is true or false, not 'maybe'\n"},
    {"zc_mission_compile__control_characters__is_refused", "desk", "\"de\\esk\"",
     "desk.yaml:1:10: error: mission: the mission's name is 1 to 63 printable ASCII characters\n"},
    {"zc_mission_compile__rules_missing__is_refused", NULL,
     "mission: x\nversion: 1\nprincipals:\n  a: {organisation: o, key: "
     "\"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c\", roles: [founder, "
     "approver]}\nquorum: {founders: 1, resume: 1}\n",
     "desk.yaml:1:1: error: 'rules' is missing: what no rule allows is denied\n"},
    {"zc_mission_compile__bom__is_refused", NULL, "\357\273\277mission: x\n",
     "desk.yaml:1:2: error: 'version' is missing: 'version: 1', the language of this file\n"
     "desk.yaml:1:2: error: 'principals' is missing: a mission names who may do something\n"
     "desk.yaml:1:2: error: 'quorum' is missing: how many founders and approvers must agree\n"
     "desk.yaml:1:2: error: 'rules' is missing: what no rule allows is denied\n"},
};

int main(void)
{
    return run_broken_cases(cases, sizeof cases / sizeof *cases);
}
