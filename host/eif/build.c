#include "eif/eif.h"

#include <stdlib.h>

#include "base/writer.h"

#define CRC_AT ((size_t)544)

typedef struct zc_eif_plan {
    zc_eif_section section[ZC_EIF_SECTIONS_MAX];
    size_t count;
    size_t total;
} zc_eif_plan;

static zc_result add(zc_eif_plan *plan, zc_eif_type type, zc_slice data)
{
    if (plan->count == ZC_EIF_SECTIONS_MAX) {
        return zc_fail(ZC_EIF_TOO_MANY_SECTIONS);
    }
    if (data.len > ZC_EIF_SECTION_MAX ||
        plan->total + ZC_EIF_SECTION_HEAD + data.len > ZC_EIF_FILE_MAX) {
        return zc_fail(ZC_EIF_TOO_LARGE);
    }
    plan->section[plan->count++] = (zc_eif_section){.type = type, .data = data};
    plan->total += ZC_EIF_SECTION_HEAD + data.len;
    return ZC_OK;
}

static zc_result check_parts(const zc_eif_parts *parts)
{
    if (parts->kernel.len == 0) {
        return zc_fail(ZC_EIF_NO_KERNEL);
    }
    if (parts->cmdline.len == 0 || parts->cmdline.len > ZC_EIF_CMDLINE_MAX ||
        memchr(parts->cmdline.data, 0, parts->cmdline.len) != NULL) {
        return zc_fail(ZC_EIF_BAD_CMDLINE);
    }
    return parts->ramdisks > 0 ? ZC_OK : zc_fail(ZC_EIF_NO_RAMDISK);
}

static zc_result make_plan(const zc_eif_parts *parts, zc_eif_plan *plan)
{
    plan->total = ZC_EIF_HEADER_SIZE;
    ZC_TRY(add(plan, ZC_EIF_KERNEL, parts->kernel));
    ZC_TRY(add(plan, ZC_EIF_CMDLINE, parts->cmdline));
    if (parts->metadata.len > 0) {
        ZC_TRY(add(plan, ZC_EIF_METADATA, parts->metadata));
    }
    for (size_t i = 0; i < parts->ramdisks; i++) {
        ZC_TRY(add(plan, ZC_EIF_RAMDISK, parts->ramdisk[i]));
    }
    return parts->signature.len > 0 ? add(plan, ZC_EIF_SIGNATURE, parts->signature) : ZC_OK;
}

static zc_result write_places(const zc_eif_plan *plan, zc_writer *writer)
{
    uint64_t offset = ZC_EIF_HEADER_SIZE;
    for (size_t i = 0; i < ZC_EIF_SECTIONS_MAX; i++) {
        ZC_TRY(zc_write_u64(writer, i < plan->count ? offset : 0));
        offset += i < plan->count ? ZC_EIF_SECTION_HEAD + plan->section[i].data.len : 0;
    }
    for (size_t i = 0; i < ZC_EIF_SECTIONS_MAX; i++) {
        ZC_TRY(zc_write_u64(writer, i < plan->count ? plan->section[i].data.len : 0));
    }
    return ZC_OK;
}

static zc_result write_header(const zc_eif_parts *parts, const zc_eif_plan *plan, zc_writer *writer)
{
    ZC_TRY(zc_write_text(writer, ".eif"));
    ZC_TRY(zc_write_u16(writer, ZC_EIF_VERSION));
    ZC_TRY(zc_write_u16(writer, parts->arm64 ? ZC_EIF_ARM64 : 0));
    ZC_TRY(zc_write_u64(writer, parts->memory));
    ZC_TRY(zc_write_u64(writer, parts->cpus));
    ZC_TRY(zc_write_u16(writer, 0));
    ZC_TRY(zc_write_u16(writer, (uint16_t)plan->count));
    ZC_TRY(write_places(plan, writer));
    return zc_write_u32(writer, 0);
}

static zc_result write_sections(const zc_eif_plan *plan, zc_writer *writer)
{
    for (size_t i = 0; i < plan->count; i++) {
        const zc_eif_section *section = &plan->section[i];
        ZC_TRY(zc_write_u16(writer, (uint16_t)section->type));
        ZC_TRY(zc_write_u16(writer, 0));
        ZC_TRY(zc_write_u64(writer, section->data.len));
        ZC_TRY(zc_write_slice(writer, section->data));
    }
    return ZC_OK;
}

zc_result zc_eif_build(const zc_eif_parts *parts, zc_bytes *ret_file)
{
    zc_eif_plan plan = {0};
    ZC_TRY(check_parts(parts));
    ZC_TRY(make_plan(parts, &plan));
    ZC_BYTES zc_bytes file = {0};
    if (!zc_bytes_reserve(&file, plan.total)) {
        return zc_fail(ZC_EIF_NO_MEMORY);
    }
    zc_writer writer = zc_writer_of(file.data, plan.total);
    ZC_TRY(write_header(parts, &plan, &writer));
    uint32_t crc = zc_crc32(0, zc_slice_of(file.data, CRC_AT));
    ZC_TRY(zc_write_u32(&writer, 0));
    ZC_TRY(write_sections(&plan, &writer));
    crc =
        zc_crc32(crc, zc_slice_of(file.data + ZC_EIF_HEADER_SIZE, plan.total - ZC_EIF_HEADER_SIZE));
    zc_writer place = zc_writer_of(file.data + CRC_AT, sizeof crc);
    ZC_TRY(zc_write_u32(&place, crc));
    file.len = plan.total;
    *ret_file = file;
    file = (zc_bytes){0};
    return ZC_OK;
}
