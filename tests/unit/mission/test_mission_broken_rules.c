#include "unit/mission/broken.h"

static broken_case cases[] = {
    {"zc_mission_compile__rule_without_kind__is_refused", "    allow: token-transfer\n", "",
     "desk.yaml:23:3: error: rules.pay: a rule has exactly one of 'allow', 'deny', 'limit', "
     "'restrict', 'review', 'hours', 'confine', 'reduce-only' and 'risk', followed by "
     "operations\n"},
    {"zc_mission_compile__rule_with_two_kinds__is_refused", "allow: token-transfer",
     "allow: token-transfer\n    deny: approve",
     "desk.yaml:23:3: error: rules.pay: a rule has exactly one of 'allow', 'deny', 'limit', "
     "'restrict', 'review', 'hours', 'confine', 'reduce-only' and 'risk', followed by operations; "
     "this has "
     "several\n"},
    {"zc_mission_compile__risk_without_model__is_refused", "audit:\n",
     "  odd:\n    risk: anything\n    model: outflow\n    deny-at: 0.9\naudit:\n",
     "desk.yaml:46:12: error: rules.odd.model: 'outflow' is not a risk model of this mission\n"},
    {"zc_mission_compile__allow_after_a_wider_one__warns", "audit:\n",
     "  again:\n    allow: token-transfer\n    who: trader\n    keys: hot-*\n    chains: ethereum\n"
     "    assets: USDC\n    to: treasury\naudit:\n",
     "desk.yaml:44:3: warning: rules.again: 'pay' allows all of this before: this rule is never "
     "reached\n"},
    {"zc_mission_compile__confined_elsewhere__warns", "audit:\n",
     "  box:\n    confine: [contract-call, message]\n    who: trader\naudit:\n",
     "desk.yaml:23:3: warning: rules.pay: 'box' confines all whom this allows something to "
     "something else: this rule is never reached\n"},
    {"zc_mission_compile__operation_misspelled__is_refused", "token-transfer", "token-transfr",
     "desk.yaml:24:12: error: rules.pay.allow: 'token-transfr' is not an operation; did you mean "
     "'token-transfer'? (there are: transfer, token-transfer, token-transfer-from, approve, "
     "contract-call, contract-create, message, digest, batch, swap, typed-data, permit, "
     "code-delegation, control, stake, unstake, bridge, \342\200\246)\n"},
    {"zc_mission_compile__anything_in_a_list__is_refused", "allow: token-transfer",
     "allow: [token-transfer, anything]",
     "desk.yaml:24:29: error: rules.pay.allow[1]: 'anything' stands alone, not in a list\n"},
    {"zc_mission_compile__who_unknown__is_refused", "who: trader", "who: tradr",
     "desk.yaml:25:10: error: rules.pay.who: 'tradr' is not a principal of this mission; did you "
     "mean 'trader'? (there are: risk, trader)\n"},
    {"zc_mission_compile__who_is_missing__is_refused", "    who: trader\n", "",
     "desk.yaml:24:5: error: rules.pay: 'who' is missing: what is allowed must be said; which "
     "principals, or 'any'\n"},
    {"zc_mission_compile__to_is_missing__is_refused", "    to: [treasury]\n", "",
     "desk.yaml:24:5: error: rules.pay: 'to' is missing: what is allowed must be said; who may "
     "receive or spend (names or addresses), or 'any'\n"},
    {"zc_mission_compile__methods_missing__is_refused",
     "    methods: "
     "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))\n",
     "",
     "desk.yaml:35:5: error: rules.swap: 'methods' is missing: what is allowed must be said; which "
     "methods may be called, or 'any'\n"},
    {"zc_mission_compile__any_in_a_list__is_refused", "to: [treasury]", "to: [treasury, any]",
     "desk.yaml:29:20: error: rules.pay.to[1]: 'any' stands alone, not in a list\n"},
    {"zc_mission_compile__list_empty__warns", "to: [treasury]", "to: []",
     "desk.yaml:29:9: warning: rules.pay.to: an empty list: this rule matches nothing; write 'any' "
     "if you mean any\n"},
    {"zc_mission_compile__to_unknown__is_refused", "to: [treasury]", "to: [tresury]",
     "desk.yaml:29:10: error: rules.pay.to[0]: 'tresury' is not a contract or recipient of this "
     "mission, nor an address; did you mean 'treasury'? (there are: router, treasury)\n"},
    {"zc_mission_compile__chains_elsewhere__is_refused", "chains: ethereum\n    assets: USDC",
     "chains: base\n    assets: USDC",
     "desk.yaml:28:13: warning: rules.pay.assets: USDC is on chain 1, which is not among this "
     "rule's chains: here it matches nothing\n"
     "desk.yaml:29:10: error: rules.pay.to[0]: treasury is an address on chain 1, which is not "
     "among this rule's chains\n"},
    {"zc_mission_compile__chains_any_with_name__warns", "chains: ethereum\n    assets: USDC",
     "chains: any\n    assets: USDC",
     "desk.yaml:29:10: warning: rules.pay.to[0]: treasury is an address on chain 1, and this rule "
     "holds on any chain, where the address may be somebody else's\n"},
    {"zc_mission_compile__chains_two_with_name__warns", "chains: ethereum\n    assets: USDC",
     "chains: [ethereum, 8453]\n    assets: USDC",
     "desk.yaml:29:10: warning: rules.pay.to[0]: treasury is an address on chain 1, and this rule "
     "holds on other chains too\n"},
    {"zc_mission_compile__key_pattern__is_refused", "keys: hot-*", "keys: \"*-hot\"",
     "desk.yaml:26:11: error: rules.pay.keys: '*-hot' is not a key's name, nor the beginning of "
     "one with a '*' after it\n"},
    {"zc_mission_compile__asset_unknown__is_refused", "assets: USDC", "assets: USDD",
     "desk.yaml:28:13: error: rules.pay.assets: 'USDD' is not an asset of this mission; did you "
     "mean 'USDC'? (there are: ETH, USDC)\n"},
    {"zc_mission_compile__method_with_uint__is_refused", "uint24", "uint",
     "desk.yaml:42:14: error: rules.swap.methods: "
     "'exactInputSingle((address,address,uint,address,uint256,uint2' is not a method: its argument "
     "types must be the ABI's, written out and without spaces: uint256 (not uint), address, "
     "bytes32, (address,uint256)[]\n"},
    {"zc_mission_compile__method_with_a_space__is_refused", "exactInputSingle((address,",
     "exactInputSingle((address, ",
     "desk.yaml:42:14: error: rules.swap.methods: 'exactInputSingle((address, "
     "address,uint24,address,uint256,ui' is not a method: its argument types must be the ABI's, "
     "written out and without spaces: uint256 (not uint), address, bytes32, (address,uint256)[]\n"},
    {"zc_mission_compile__method_unbalanced__is_refused", "uint160))", "uint160)",
     "desk.yaml:42:14: error: rules.swap.methods: "
     "'exactInputSingle((address,address,uint24,address,uint256,uin' is not a method: its "
     "parentheses and commas do not fit together\n"},
    {"zc_mission_compile__method_empty_arg__is_refused", "uint160))", "uint160,))",
     "desk.yaml:42:14: error: rules.swap.methods: "
     "'exactInputSingle((address,address,uint24,address,uint256,uin' is not a method: its argument "
     "types must be the ABI's, written out and without spaces: uint256 (not uint), address, "
     "bytes32, (address,uint256)[]\n"},
    {"zc_mission_compile__method_not_one__is_refused", "methods: exactInputSingle",
     "methods: \"\" #",
     "desk.yaml:42:14: error: rules.swap.methods: '' is not a method: write name(type,type), or 0x "
     "and the selector's 8 hex digits\n"},
    {"zc_mission_compile__selector_short__is_refused", "methods: exactInputSingle",
     "methods: 0x123 #",
     "desk.yaml:42:14: error: rules.swap.methods: '0x123' is not a method: write name(type,type), "
     "or 0x and the selector's 8 hex digits\n"},
    {"zc_mission_compile__risk_misspelled__is_refused", "accept-risks: unknown-calldata",
     "accept-risks: unknown-call-data",
     "desk.yaml:43:19: error: rules.swap.accept-risks: 'unknown-call-data' is not a risk; did you "
     "mean 'unknown-calldata'? (there are: delegatecall, unlimited-approval, proxy-upgrade, "
     "unknown-calldata, partial-decode, contract-creation, no-replay-protection, raw-digest, "
     "unreadable-message, control-change, code-delegation, \342\200\246\n"},
    {"zc_mission_compile__risk_all_in_a_list__is_refused", "accept-risks: unknown-calldata",
     "accept-risks: [all, delegatecall]",
     "desk.yaml:43:20: error: rules.swap.accept-risks[0]: 'all' stands alone, not in a list\n"},
    {"zc_mission_compile__risk_not_accepted__warns", "    accept-risks: unknown-calldata\n", "",
     "desk.yaml:34:3: warning: rules.swap: a contract-call whose data can't be read carries the "
     "risk 'unknown-calldata': without 'accept-risks' for it, this rule allows few or none\n"},
    {"zc_mission_compile__deny_accepts_risks__is_refused", "allow: contract-call",
     "deny: contract-call",
     "desk.yaml:43:19: error: rules.swap.accept-risks: only 'allow' accepts risks\n"},
    {"zc_mission_compile__use_unknown__is_refused", "accept-risks: unknown",
     "uses: txs\n    accept-risks: unknown",
     "desk.yaml:43:11: error: rules.swap.uses: 'txs' is not a use of keys; did you mean 'tx'? "
     "(there are: tx, message, typed-data, order, digest)\n"},
};

int main(void)
{
    return run_broken_cases(cases, sizeof cases / sizeof *cases);
}
