/* Private to the module: type programs (codec/abi.h) as the tables of methods write them. */
#ifndef ZC_INTENT_EVM_METHOD_TYPES_H
#define ZC_INTENT_EVM_METHOD_TYPES_H

#define U8 "\x01"
#define U24 "\x03"
#define U48 "\x06"
#define U160 "\x14"
#define U256 "\x20"
#define B4 "\x44"
#define B32 "\x60"
#define ADDR "\x61"
#define BOOL "\x62"
#define BYTES "\x63"
#define STR "\x64"
/* Before the type of the elements. */
#define ARR "\x70"
/* Before the types of 2, 3, … items. */
#define T(items) "\x72" T_##items
#define T_2 "\x02"
#define T_3 "\x03"
#define T_4 "\x04"
#define T_5 "\x05"
#define T_7 "\x07"
#define T_8 "\x08"

#endif
