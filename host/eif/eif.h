/* Enclave image files, version 4: what `nitro-cli` starts and what PCR0 to PCR2 measure.
 *
 * A file is a header of 548 bytes (all numbers big-endian), then sections without gaps:
 *
 *     ".eif", u16 version 4, u16 flags (1: arm64), u64 memory, u64 cpus, u16 0, u16 sections,
 *     u64 offset[32], u64 size[32], u32 0, u32 crc
 *     section: u16 type, u16 flags 0, u64 size, data
 *
 * The CRC (that of zlib) covers the header up to itself and then each section with its head. The
 * parser takes what a builder may write and nothing else: no gaps, nothing behind the last section,
 * so every byte of a file is in the CRC, and every byte that runs is measured. */
#ifndef ZC_EIF_EIF_H
#define ZC_EIF_EIF_H

#include "base/slice.h"
#include "eif/reasons.h"
#include "support/bytes.h"

#define ZC_EIF_HEADER_SIZE ((size_t)548)
#define ZC_EIF_SECTION_HEAD ((size_t)12)
#define ZC_EIF_SECTIONS_MAX 32
#define ZC_EIF_VERSION 4
#define ZC_EIF_ARM64 1
/* What the kernel takes on x86. */
#define ZC_EIF_CMDLINE_MAX ((size_t)2047)
#define ZC_EIF_SECTION_MAX ((size_t)1 << 30)
#define ZC_EIF_FILE_MAX ((size_t)2 << 30)

typedef enum zc_eif_type {
    ZC_EIF_KERNEL = 1,
    ZC_EIF_CMDLINE = 2,
    ZC_EIF_RAMDISK = 3,
    ZC_EIF_SIGNATURE = 4,
    ZC_EIF_METADATA = 5,
} zc_eif_type;

/* "kernel", "cmdline", … */
const char *zc_eif_type_name(zc_eif_type type);

typedef struct zc_eif_section {
    zc_eif_type type;
    zc_slice data;
} zc_eif_section;

/* A parsed image: views into the file. */
typedef struct zc_eif {
    uint16_t version;
    bool arm64;
    uint64_t memory; /* bytes; what a start without its own wish gets */
    uint64_t cpus;
    uint32_t crc;
    zc_eif_section section[ZC_EIF_SECTIONS_MAX]; /* as they stand in the file */
    size_t count;
    zc_slice kernel;
    zc_slice cmdline;
    zc_slice ramdisk[ZC_EIF_SECTIONS_MAX]; /* in the file's order */
    size_t ramdisks;                       /* at least one */
    bool has_metadata;
    bool has_signature;
    zc_slice metadata;
    zc_slice signature;
} zc_eif;

/* Reads a whole file. What metadata and signature hold is not looked at (metadata.h, signature.h).
 * Errors: ZC_EIF_NOT_EIF … ZC_EIF_BAD_CMDLINE; which comes first does not depend on later bytes. */
ZC_MUST_USE zc_result zc_eif_parse(zc_slice file, zc_eif *ret_eif);

/* What an image is made of. */
typedef struct zc_eif_parts {
    bool arm64;
    uint64_t memory;
    uint64_t cpus;
    zc_slice kernel;
    zc_slice cmdline;
    zc_slice metadata; /* JSON; empty: no such section */
    const zc_slice *ramdisk;
    size_t ramdisks;
    zc_slice signature; /* a section's content (signature.h); empty: unsigned */
} zc_eif_parts;

/* Writes an image in the order of AWS's tools: kernel, command line, metadata, ramdisks, signature.
 * The same parts give the same bytes. The caller clears the file. Errors: ZC_EIF_NO_KERNEL,
 * ZC_EIF_BAD_CMDLINE, ZC_EIF_NO_RAMDISK, ZC_EIF_TOO_MANY_SECTIONS, ZC_EIF_TOO_LARGE,
 * ZC_EIF_NO_MEMORY. */
ZC_MUST_USE zc_result zc_eif_build(const zc_eif_parts *parts, zc_bytes *ret_file);

/* CRC-32 as zlib and Ethernet have it, going on from `crc` (0 to begin). */
uint32_t zc_crc32(uint32_t crc, zc_slice data);

#endif
