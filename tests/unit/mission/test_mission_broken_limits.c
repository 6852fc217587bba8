#include "unit/mission/broken.h"

static broken_case cases[] = {
    {"zc_mission_compile__uses_do_not_fit__warns", "accept-risks: unknown",
     "uses: digest\n    accept-risks: unknown",
     "desk.yaml:34:3: warning: rules.swap: none of its operations has one of its uses: this rule "
     "matches nothing\n"},
    {"zc_mission_compile__limit_form__is_refused", "5,000 USDC per transaction",
     "at most 5,000 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: a limit reads '5,000 USDC per transaction', "
     "'20,000 USDC per 1h' or '30 signatures per 1m'\n"},
    {"zc_mission_compile__limit_grouping__is_refused", "5,000 USDC", "50,00 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '50,00': commas stand before each group of three "
     "digits, as in 1,000,000, or nowhere\n"},
    {"zc_mission_compile__limit_grouping_half__is_refused", "20,000 USDC", "1000,000 USDC",
     "desk.yaml:32:9: error: rules.pay.limits[1]: '1000,000': commas stand before each group of "
     "three digits, as in 1,000,000, or nowhere\n"},
    {"zc_mission_compile__limit_decimals__is_refused", "5,000 USDC", "5,000.0000001 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '5,000.0000001': it has more decimals than the "
     "asset: USDC has 6\n"},
    {"zc_mission_compile__limit_point__is_refused", "5,000 USDC", "5,000. USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '5,000.': digits must follow the point\n"},
    {"zc_mission_compile__limit_zero__is_refused", "5,000 USDC", "05 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '05': an amount does not begin with a zero that "
     "means nothing\n"},
    {"zc_mission_compile__limit_not_a_number__is_refused", "5,000 USDC", "5e3 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '5e3': an amount is written in digits, such as "
     "5,000.25\n"},
    {"zc_mission_compile__limit_negative__is_refused", "5,000 USDC", "-5 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: '-5': an amount is written in digits, such as "
     "5,000.25\n"},
    {"zc_mission_compile__limit_overflow__is_refused", "5,000 USDC",
     "1000000000000000000000000000000000000000000000000000000000000000000000000 USDC",
     "desk.yaml:31:9: error: rules.pay.limits[0]: "
     "'100000000000000000000000000000000000000000000000000000000000': it is more than 256 bits can "
     "hold\n"},
    {"zc_mission_compile__limit_asset__is_refused", "5,000 USDC", "5,000 USDT",
     "desk.yaml:31:9: error: rules.pay.limits[0]: 'USDT' is not an asset of this mission; did you "
     "mean 'USDC'? (there are: ETH, USDC)\n"},
    {"zc_mission_compile__limit_window__is_refused", "per 1h", "per 1y",
     "desk.yaml:32:9: error: rules.pay.limits[1]: '1y' is neither 'transaction' nor a window: a "
     "window is a number and s, m, h, d or w, such as 30s, 1h, 7d; or second, minute, hour, day, "
     "week\n"},
    {"zc_mission_compile__limit_window_zero__is_refused", "per 1h", "per 0h",
     "desk.yaml:32:9: error: rules.pay.limits[1]: '0h' is neither 'transaction' nor a window: a "
     "window is from 1 second to 366 days long\n"},
    {"zc_mission_compile__limit_window_long__is_refused", "per 1h", "per 367d",
     "desk.yaml:32:9: error: rules.pay.limits[1]: '367d' is neither 'transaction' nor a window: a "
     "window is from 1 second to 366 days long\n"},
    {"zc_mission_compile__rate_per_tx__is_refused", "30 signatures per 1m",
     "30 signatures per transaction",
     "desk.yaml:33:9: error: rules.pay.limits[2]: a number of signatures is counted in a window: a "
     "limit reads '5,000 USDC per transaction', '20,000 USDC per 1h' or '30 signatures per 1m'\n"},
    {"zc_mission_compile__rate_fraction__is_refused", "30 signatures", "2.5 signatures",
     "desk.yaml:33:9: error: rules.pay.limits[2]: '2.5': a number of signatures is a whole number "
     "below 2^32\n"},
    {"zc_mission_compile__limit_repeats__is_refused", "20,000 USDC per 1h",
     "20,000 USDC per 60m\n      - 10,000 USDC per 1h",
     "desk.yaml:33:9: error: rules.pay.limits[2]: there is a limit for this asset and window "
     "already\n"},
    {"zc_mission_compile__limit_never_binds__warns", "5,000 USDC", "20,000 USDC",
     "desk.yaml:31:9: warning: rules.pay.limits[0]: this limit can never bind: USDC-per-1h is "
     "always reached first\n"},
    {"zc_mission_compile__limit_window_never_binds__warns", "20,000 USDC per 1h",
     "20,000 USDC per 1h\n      - 600,000 USDC per 1d",
     "desk.yaml:33:9: warning: rules.pay.limits[2]: this limit can never bind: USDC-per-1h is "
     "always reached first\n"},
    {"zc_mission_compile__limit_fee_never_binds__warns", "5,000 USDC", "1 ETH",
     "desk.yaml:31:9: warning: rules.pay.limits[0]: nothing that this rule covers moves ETH: the "
     "limit can never bind\n"},
    {"zc_mission_compile__limits_on_deny__is_refused", "allow: token-transfer",
     "deny: token-transfer",
     "desk.yaml:31:7: error: rules.pay.limits: limits belong to 'allow' and 'limit'\n"},
    {"zc_mission_compile__limit_without_limits__is_refused",
     "audit:", "  more:\n    limit: anything\naudit:",
     "desk.yaml:45:5: error: rules.more: 'limits' is missing: a list such as '- 20,000 USDC per "
     "1h'\n"},
    {"zc_mission_compile__restrict_without_chains__is_refused",
     "audit:", "  more:\n    restrict: anything\naudit:",
     "desk.yaml:45:5: error: rules.more: 'chains' is missing: the chains that this is restricted "
     "to\n"},
    {"zc_mission_compile__signer_idle__warns",
     "who: trader\n    keys: hot-*\n    chains: ethereum\n    assets: USDC",
     "who: risk\n    keys: hot-*\n    chains: ethereum\n    assets: USDC",
     "desk.yaml:23:3: warning: rules.pay: none of its principals has the role 'signer': this rule "
     "allows nothing\n"},
    {"zc_mission_compile__denied_altogether__warns", "audit:",
     "  never:\n    deny: [token-transfer, approve]\n    chains: [ethereum, base]\naudit:",
     "desk.yaml:23:3: warning: rules.pay: 'never' denies all that this allows: a denial beats what "
     "is allowed\n"},
    {"zc_mission_compile__message_with_chains__warns", "allow: token-transfer",
     "allow: [token-transfer, message]",
     "desk.yaml:23:3: warning: rules.pay: messages and digests belong to no chain, asset or "
     "recipient: with such lists this rule allows none of them\n"},
    {"zc_mission_compile__create_without_risk__warns", "allow: contract-call",
     "allow: [contract-call, contract-create]",
     "desk.yaml:34:3: warning: rules.swap: a contract-create always carries the risk "
     "'contract-creation': without 'accept-risks' for it, this rule allows none\n"
     "desk.yaml:34:3: warning: rules.swap: it lists methods, and among its operations are some "
     "that call none: it allows none of those\n"},
    {"zc_mission_compile__rule_name_long__is_refused",
     "  swap:", "  a-rule-whose-name-is-longer-than-anyone-can-say:",
     "desk.yaml:34:3: error: rules.a-rule-whose-name-is-longer-than-anyone-can-say: "
     "'a-rule-whose-name-is-longer-than-anyone-can-say' cannot name a rule: 1 to 32 of a-z, 0-9, "
     "'.', '_' and '-', beginning with a letter or a digit; and not 'any'\n"},
};

int main(void)
{
    return run_broken_cases(cases, sizeof cases / sizeof *cases);
}
