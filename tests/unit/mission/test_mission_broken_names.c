#include "unit/mission/broken.h"

static broken_case cases[] = {
    {"zc_mission_compile__principals_is_a_list__is_refused", "  trader:\n", "  - trader:\n",
     "desk.yaml:8:3: error: not YAML: did not find expected key, while parsing a block mapping\n"},
    {"zc_mission_compile__principals_text__is_refused", NULL,
     "mission: x\nversion: 1\nprincipals: none\nquorum: {founders: 1, resume: 1}\nrules: {}\n",
     "desk.yaml:3:13: error: principals: wanted here: entries, as 'name: value' lines\n"
     "desk.yaml:4:20: error: quorum.founders: 1 are needed, and only 0 of the principals have the "
     "role 'founder'\n"
     "desk.yaml:4:31: error: quorum.resume: 1 are needed, and only 0 of the principals have the "
     "role 'approver'\n"},
    {"zc_mission_compile__principal_name__is_refused", "  trader:\n", "  Trader One:\n",
     "desk.yaml:8:3: error: principals.Trader One: 'Trader One' cannot name a principal: 1 to 63 "
     "of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit; and not 'any'\n"
     "desk.yaml:25:10: error: rules.pay.who: 'trader' is not a principal of this mission (there "
     "are: risk)\n"
     "desk.yaml:36:10: error: rules.swap.who: 'trader' is not a principal of this mission (there "
     "are: risk)\n"},
    {"zc_mission_compile__principal_any__is_refused", "  trader:\n", "  any:\n",
     "desk.yaml:8:3: error: principals.any: 'any' cannot name a principal: 1 to 63 of a-z, 0-9, "
     "'.', '_' and '-', beginning with a letter or a digit; and not 'any'\n"
     "desk.yaml:25:10: error: rules.pay.who: 'trader' is not a principal of this mission (there "
     "are: risk)\n"
     "desk.yaml:36:10: error: rules.swap.who: 'trader' is not a principal of this mission (there "
     "are: risk)\n"},
    {"zc_mission_compile__role_misspelled__is_refused", "roles: signer", "roles: singer",
     "desk.yaml:11:12: error: principals.trader.roles: 'singer' is not a role; did you mean "
     "'signer'? (roles: founder, key-admin, approver, auditor, signer)\n"},
    {"zc_mission_compile__role_unknown__is_refused", "roles: signer", "roles: [signer, banana]",
     "desk.yaml:11:21: error: principals.trader.roles[1]: 'banana' is not a role (roles: founder, "
     "key-admin, approver, auditor, signer)\n"},
    {"zc_mission_compile__roles_is_a_mapping__is_refused", "roles: signer", "roles: {signer: yes}",
     "desk.yaml:11:12: error: principals.trader.roles: one value or a list of values is wanted "
     "here\n"},
    {"zc_mission_compile__key_short__is_refused",
     "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394\"", "22\"",
     "desk.yaml:10:10: error: principals.trader.key: a key is an Ed25519 public key of 64 hex "
     "digits, or 'local' for the one in the credentials folder; not '22'\n"},
    {"zc_mission_compile__same_key__is_refused",
     "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394",
     "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
     "desk.yaml:10:10: error: principals.trader.key: 'risk' has the same key: two principals with "
     "one key are one person\n"},
    {"zc_mission_compile__organisation_empty__is_refused", "organisation: Example Trading",
     "organisation: \"\"",
     "desk.yaml:5:19: error: principals.risk.organisation: an organisation is 1 to 63 printable "
     "ASCII characters\n"},
    {"zc_mission_compile__organisation_not_ascii__is_refused", "organisation: Example Trading",
     "organisation: \"Ex\303\244mple\"",
     "desk.yaml:5:19: error: principals.risk.organisation: an organisation is 1 to 63 printable "
     "ASCII characters\n"},
    {"zc_mission_compile__quorum_too_great__is_refused", "founders: 1", "founders: 2",
     "desk.yaml:13:13: error: quorum.founders: 2 are needed, and only 1 of the principals has the "
     "role 'founder'\n"},
    {"zc_mission_compile__quorum_zero__is_refused", "resume: 1", "resume: 0",
     "desk.yaml:14:11: error: quorum.resume: a quorum is a whole number from 1 to 64, not '0'\n"},
    {"zc_mission_compile__quorum_missing_part__is_refused", "  resume: 1\n", "",
     "desk.yaml:13:3: error: quorum: 'resume' is missing: how many signatures are needed\n"},
    {"zc_mission_compile__asset_both__is_refused", "native: true",
     "native: true, contract: \"0xE592427A0AEce92De3Edee1F18E0157C05861564\"",
     "desk.yaml:16:8: error: assets.ETH: an asset has either 'native: true' (the chain's own) or "
     "'contract: 0x\342\200\246' (a token; elsewhere than on EVM chains 'token: \342\200\246')\n"},
    {"zc_mission_compile__asset_neither__is_refused", "native: true, ", "",
     "desk.yaml:16:8: error: assets.ETH: an asset has either 'native: true' (the chain's own) or "
     "'contract: 0x\342\200\246' (a token; elsewhere than on EVM chains 'token: \342\200\246')\n"},
    {"zc_mission_compile__asset_decimals__is_refused", "decimals: 18", "decimals: 78",
     "desk.yaml:16:50: error: assets.ETH.decimals: the number of decimals is a whole number from 0 "
     "to 77, not '78'\n"},
    {"zc_mission_compile__asset_decimals_missing__is_refused", ", decimals: 18", "",
     "desk.yaml:16:8: error: assets.ETH: 'decimals' is missing: amounts are exact: how many "
     "decimals has one unit?\n"},
    {"zc_mission_compile__asset_chain__is_refused", "{chain: ethereum, native",
     "{chain: etherium, native",
     "desk.yaml:16:16: error: assets.ETH.chain: 'etherium' is not a chain; did you mean "
     "'ethereum'? (or an EVM chain id, bitcoin, solana, cosmos:<id>, venue:<name>; names: "
     "ethereum, optimism, bnb, gnosis, polygon, base, "
     "arbitrum, avalanche, linea, holesky, sepolia, \342\200\246)\n"},
    {"zc_mission_compile__asset_chain_zero__is_refused", "{chain: ethereum, native",
     "{chain: 0, native",
     "desk.yaml:16:16: error: assets.ETH.chain: '0' is not a chain (or an EVM chain id, bitcoin, "
     "solana, cosmos:<id>, venue:<name>; "
     "names: ethereum, optimism, bnb, gnosis, polygon, base, arbitrum, avalanche, linea, holesky, "
     "sepolia, hoodi)\n"},
    {"zc_mission_compile__asset_repeats__is_refused",
     "  USDC: {chain: ethereum, contract: \"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\", "
     "decimals: 6}",
     "  USDC: {chain: ethereum, contract: \"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\", "
     "decimals: 6}\n  USDT: {chain: ethereum, contract: "
     "\"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\", decimals: 6}",
     "desk.yaml:18:9: error: assets.USDT: this is the same asset as 'USDC'\n"},
    {"zc_mission_compile__asset_name_long__is_refused", "  USDC: {", "  USDC-the-stablecoin: {",
     "desk.yaml:17:3: error: assets.USDC-the-stablecoin: 'USDC-the-stablecoin' cannot name an "
     "asset: 1 to 15 of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit; and "
     "not 'any'\n"
     "desk.yaml:28:13: error: rules.pay.assets: 'USDC' is not an asset of this mission (there are: "
     "ETH)\n"
     "desk.yaml:31:9: error: rules.pay.limits[0]: 'USDC' is not an asset of this mission (there "
     "are: ETH)\n"
     "desk.yaml:32:9: error: rules.pay.limits[1]: 'USDC' is not an asset of this mission (there "
     "are: ETH)\n"},
    {"zc_mission_compile__address_checksum__is_refused",
     "0xE592427A0AEce92De3Edee1F18E0157C05861564", "0xE592427A0AEce92De3Edee1F18E0157C0586156a",
     "desk.yaml:19:38: error: contracts.router.address: the capitals of "
     "'0xE592427A0AEce92De3Edee1F18E0157C0586156a' are not its EIP-55 checksum: a digit may be "
     "wrong; compare with the source, where the address that is written here would be "
     "0xE592427a0AECe92DE3edeE1f18e0157C0586156A\n"},
    {"zc_mission_compile__address_checksum_digit__is_refused",
     "0xE592427A0AEce92De3Edee1F18E0157C05861564", "0xE592427A0AEce92De3Edee1F18E0157C05861565",
     "desk.yaml:19:38: error: contracts.router.address: the capitals of "
     "'0xE592427A0AEce92De3Edee1F18E0157C05861565' are not its EIP-55 checksum: a digit may be "
     "wrong; compare with the source, where the address that is written here would be "
     "0xE592427a0AECe92dE3eDEE1f18E0157c05861565\n"},
    {"zc_mission_compile__address_short__is_refused", "0xE592427A0AEce92De3Edee1F18E0157C05861564",
     "0xE592427A0AEce92De3Edee1F18E0157C058615",
     "desk.yaml:19:38: error: contracts.router.address: '0xE592427A0AEce92De3Edee1F18E0157C058615' "
     "is not an address: 0x and 40 hex digits\n"},
    {"zc_mission_compile__address_without_0x__is_refused",
     "0xE592427A0AEce92De3Edee1F18E0157C05861564", "E592427A0AEce92De3Edee1F18E0157C05861564",
     "desk.yaml:19:38: error: contracts.router.address: 'E592427A0AEce92De3Edee1F18E0157C05861564' "
     "is not an address: 0x and 40 hex digits\n"},
    {"zc_mission_compile__recipient_and_contract_share_a_name__is_refused", "  treasury: {",
     "  router: {",
     "desk.yaml:21:3: error: recipients.router: contracts and recipients share their names: "
     "'router' is there already\n"
     "desk.yaml:29:10: error: rules.pay.to[0]: 'treasury' is not a contract or recipient of this "
     "mission, nor an address (there are: router, router)\n"},
    {"zc_mission_compile__recipient_repeats_address__is_refused",
     "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0xe592427a0aece92de3edee1f18e0157c05861564",
     "desk.yaml:21:3: error: recipients.treasury: this is the same address as 'router'\n"},
    {"zc_mission_compile__max_unacked__is_refused", "denials-per-minute: 60", "max-unacked: 65537",
     "desk.yaml:45:16: error: audit.max-unacked: max-unacked is a whole number from 0 to 65536, "
     "not '65537'\n"},
    {"zc_mission_compile__witness__is_refused", "denials-per-minute: 60", "witnesses: [mallory]",
     "desk.yaml:45:15: error: audit.witnesses[0]: a witness is its verifier key as `zcp witness` "
     "prints it: name+8 hex digits+base64 that begins with B\n"},
    {"zc_mission_compile__too_few_witnesses__is_refused", "denials-per-minute: 60",
     "witnesses-needed: 1",
     "desk.yaml:45:21: error: audit.witnesses-needed: 1 are needed, and the log has 0\n"},
    {"zc_mission_compile__denial_quota__is_refused", "denials-per-minute: 60",
     "denials-per-minute: 0",
     "desk.yaml:45:23: error: audit.denials-per-minute: denials-per-minute is a whole number from "
     "1 to 100000, not '0'\n"},
};

int main(void)
{
    return run_broken_cases(cases, sizeof cases / sizeof *cases);
}
