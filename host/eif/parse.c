#include "eif/eif.h"

#include "base/reader.h"

#define CRC_AT ((size_t)544)

typedef struct zc_eif_header {
    uint16_t sections;
    uint64_t offset[ZC_EIF_SECTIONS_MAX];
    uint64_t size[ZC_EIF_SECTIONS_MAX];
} zc_eif_header;

const char *zc_eif_type_name(zc_eif_type type)
{
    static const char *const names[] = {
        [ZC_EIF_KERNEL] = "kernel",     [ZC_EIF_CMDLINE] = "cmdline",
        [ZC_EIF_RAMDISK] = "ramdisk",   [ZC_EIF_SIGNATURE] = "signature",
        [ZC_EIF_METADATA] = "metadata",
    };
    return names[type];
}

static zc_result read_u64s(zc_reader *reader, uint64_t ret_values[static ZC_EIF_SECTIONS_MAX])
{
    for (size_t i = 0; i < ZC_EIF_SECTIONS_MAX; i++) {
        ZC_TRY(zc_read_u64(reader, &ret_values[i]));
    }
    return ZC_OK;
}

static zc_result read_fixed(zc_reader *reader, zc_eif *eif, uint16_t *ret_reserved)
{
    uint16_t flags;
    ZC_TRY(zc_read_u16(reader, &eif->version));
    ZC_TRY(zc_read_u16(reader, &flags));
    ZC_TRY(zc_read_u64(reader, &eif->memory));
    ZC_TRY(zc_read_u64(reader, &eif->cpus));
    ZC_TRY(zc_read_u16(reader, ret_reserved));
    if (eif->version != ZC_EIF_VERSION) {
        return zc_fail(ZC_EIF_VERSION_UNKNOWN);
    }
    eif->arm64 = (flags & ZC_EIF_ARM64) != 0;
    return (flags & ~ZC_EIF_ARM64) == 0 && *ret_reserved == 0 ? ZC_OK : zc_fail(ZC_EIF_HEADER_REST);
}

static zc_result read_header(zc_reader *reader, zc_eif *eif, zc_eif_header *ret_header)
{
    zc_slice magic;
    uint16_t reserved;
    uint32_t unused;
    if (!zc_ok(zc_read_slice(reader, 4, &magic)) || memcmp(magic.data, ".eif", 4) != 0) {
        return zc_fail(ZC_EIF_NOT_EIF);
    }
    if (zc_reader_left(reader) < ZC_EIF_HEADER_SIZE - 4) {
        return zc_fail(ZC_EIF_TRUNCATED);
    }
    ZC_TRY(read_fixed(reader, eif, &reserved));
    ZC_TRY(zc_read_u16(reader, &ret_header->sections));
    ZC_TRY(read_u64s(reader, ret_header->offset));
    ZC_TRY(read_u64s(reader, ret_header->size));
    ZC_TRY(zc_read_u32(reader, &unused));
    ZC_TRY(zc_read_u32(reader, &eif->crc));
    if (ret_header->sections > ZC_EIF_SECTIONS_MAX) {
        return zc_fail(ZC_EIF_TOO_MANY_SECTIONS);
    }
    return unused == 0 ? ZC_OK : zc_fail(ZC_EIF_HEADER_REST);
}

/* Places beyond the count list nothing. */
static zc_result check_rest(const zc_eif_header *header)
{
    for (size_t i = header->sections; i < ZC_EIF_SECTIONS_MAX; i++) {
        if (header->offset[i] != 0 || header->size[i] != 0) {
            return zc_fail(ZC_EIF_HEADER_REST);
        }
    }
    return ZC_OK;
}

static zc_result read_section(zc_reader *reader, const zc_eif_header *header, size_t at,
                              zc_eif_section *ret_section)
{
    uint16_t type;
    uint16_t flags;
    uint64_t size;
    if (header->offset[at] != zc_reader_offset(reader)) {
        return zc_fail(ZC_EIF_SECTION_PLACE);
    }
    if (zc_reader_left(reader) < ZC_EIF_SECTION_HEAD) {
        return zc_fail(ZC_EIF_TRUNCATED);
    }
    ZC_TRY(zc_read_u16(reader, &type));
    ZC_TRY(zc_read_u16(reader, &flags));
    ZC_TRY(zc_read_u64(reader, &size));
    if (type < ZC_EIF_KERNEL || type > ZC_EIF_METADATA || flags != 0) {
        return zc_fail(ZC_EIF_SECTION_TYPE);
    }
    if (size != header->size[at]) {
        return zc_fail(ZC_EIF_SECTION_SIZE);
    }
    if (size > zc_reader_left(reader)) {
        return zc_fail(ZC_EIF_TRUNCATED);
    }
    ret_section->type = (zc_eif_type)type;
    return zc_read_slice(reader, (size_t)size, &ret_section->data);
}

static zc_result take_once(bool *taken, zc_slice data, zc_slice *ret_part, int code)
{
    if (*taken) {
        return zc_fail(code);
    }
    *taken = true;
    *ret_part = data;
    return ZC_OK;
}

/* Puts each section where it belongs: one kernel, one command line, at least one ramdisk. */
static zc_result sort_sections(zc_eif *eif)
{
    bool kernel = false;
    bool cmdline = false;
    for (size_t i = 0; i < eif->count; i++) {
        zc_slice data = eif->section[i].data;
        switch (eif->section[i].type) {
        case ZC_EIF_KERNEL:
            ZC_TRY(take_once(&kernel, data, &eif->kernel, ZC_EIF_NO_KERNEL));
            break;
        case ZC_EIF_CMDLINE:
            ZC_TRY(take_once(&cmdline, data, &eif->cmdline, ZC_EIF_NO_CMDLINE));
            break;
        case ZC_EIF_RAMDISK:
            eif->ramdisk[eif->ramdisks++] = data;
            break;
        case ZC_EIF_SIGNATURE:
            ZC_TRY(take_once(&eif->has_signature, data, &eif->signature, ZC_EIF_TWICE));
            break;
        case ZC_EIF_METADATA:
            ZC_TRY(take_once(&eif->has_metadata, data, &eif->metadata, ZC_EIF_TWICE));
            break;
        }
    }
    if (!kernel || eif->kernel.len == 0) {
        return zc_fail(ZC_EIF_NO_KERNEL);
    }
    if (!cmdline) {
        return zc_fail(ZC_EIF_NO_CMDLINE);
    }
    return eif->ramdisks > 0 ? ZC_OK : zc_fail(ZC_EIF_NO_RAMDISK);
}

static uint32_t crc_of(zc_slice file)
{
    uint32_t crc = zc_crc32(0, zc_slice_of(file.data, CRC_AT));
    return zc_crc32(crc,
                    zc_slice_of(file.data + ZC_EIF_HEADER_SIZE, file.len - ZC_EIF_HEADER_SIZE));
}

zc_result zc_eif_parse(zc_slice file, zc_eif *ret_eif)
{
    zc_eif eif = {0};
    zc_eif_header header = {0};
    zc_reader reader = zc_reader_of(file);
    ZC_TRY(read_header(&reader, &eif, &header));
    ZC_TRY(check_rest(&header));
    for (; eif.count < header.sections; eif.count++) {
        ZC_TRY(read_section(&reader, &header, eif.count, &eif.section[eif.count]));
    }
    if (zc_reader_left(&reader) > 0) {
        return zc_fail(ZC_EIF_TRAILING);
    }
    ZC_TRY(sort_sections(&eif));
    if (eif.cmdline.len == 0 || memchr(eif.cmdline.data, 0, eif.cmdline.len) != NULL) {
        return zc_fail(ZC_EIF_BAD_CMDLINE);
    }
    if (crc_of(file) != eif.crc) {
        return zc_fail(ZC_EIF_CRC);
    }
    *ret_eif = eif;
    return ZC_OK;
}
