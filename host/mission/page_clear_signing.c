/* The methods that a mission describes, in words. */
#include "base/hex.h"
#include "mission/page.h"

/* The label of the argument, or its place in the types where people see it under none. */
static void put_argument(zc_page *page, const zc_descriptor *descriptor, uint8_t leaf)
{
    for (size_t i = 0; i < descriptor->field_count; i++) {
        if (descriptor->fields[i].leaf == leaf) {
            zc_page_put(page, "\"%s\"", descriptor->fields[i].label);
            return;
        }
    }
    zc_page_put(page, "the value at %u of its types", leaf);
}

static void put_place(zc_page *page, const zc_descriptor *descriptor, uint8_t place)
{
    switch (place) {
    case ZC_DESCRIPTOR_CALLEE:
        zc_page_put(page, "the contract");
        return;
    case ZC_DESCRIPTOR_CALLER:
        zc_page_put(page, "the caller");
        return;
    case ZC_DESCRIPTOR_VALUE:
        zc_page_put(page, "what is sent along");
        return;
    default:
        put_argument(page, descriptor, place);
    }
}

static void put_asset(zc_page *page, const zc_descriptor *descriptor,
                      const zc_descriptor_movement *movement)
{
    if (movement->asset == ZC_DESCRIPTOR_NOTHING) {
        zc_page_put(page, "the chain's own asset");
        return;
    }
    zc_page_put(page, "token ");
    put_place(page, descriptor, movement->asset);
    if (movement->item == ZC_DESCRIPTOR_FIRST || movement->item == ZC_DESCRIPTOR_LAST) {
        zc_page_put(page, movement->item == ZC_DESCRIPTOR_FIRST ? ", the first" : ", the last");
    } else if (movement->item != ZC_DESCRIPTOR_NOTHING) {
        zc_page_put(page, ", item ");
        put_place(page, descriptor, movement->item);
    }
}

static void put_movement(zc_page *page, const zc_descriptor *descriptor,
                         const zc_descriptor_movement *movement)
{
    zc_page_put(page, "moves (%s) ", zc_movement_kind_name((zc_movement_kind)movement->kind));
    if (movement->amount != ZC_DESCRIPTOR_NOTHING) {
        put_place(page, descriptor, movement->amount);
        zc_page_put(page, " of ");
    }
    put_asset(page, descriptor, movement);
    zc_page_put(page, " from ");
    put_place(page, descriptor, movement->from);
    if (movement->to != ZC_DESCRIPTOR_NOTHING) {
        zc_page_put(page, " to ");
        put_place(page, descriptor, movement->to);
    }
}

void zc_page_put_descriptor(zc_page *page, const zc_mission *mission,
                            const zc_descriptor *descriptor, const char *separator)
{
    char selector[2 * ZC_SELECTOR_SIZE + 1];
    zc_hex_encode(ZC_SLICE_OF_ARRAY(descriptor->selector), selector);
    zc_page_put(page, "%s (0x%s) of ", descriptor->name, selector);
    const zc_catalog catalog = zc_mission_catalog(mission);
    const zc_contract *contract =
        zc_catalog_contract(&catalog, descriptor->chain_id, &descriptor->contract);
    if (contract != NULL) {
        zc_page_put(page, "%s, ", contract->name);
    }
    zc_page_put_address(page, descriptor->chain_id, &descriptor->contract);
    zc_page_put(page, " on ");
    zc_page_put_chain(page, descriptor->chain_id);
    zc_page_put(page, ": %s", zc_operation_name((zc_operation)descriptor->operation));
    for (size_t i = 0; i < descriptor->field_count; i++) {
        zc_page_put(page, "%s\"%s\"", i == 0 ? ", shows " : ", ", descriptor->fields[i].label);
    }
    for (size_t i = 0; i < descriptor->movement_count; i++) {
        zc_page_put(page, "%s", separator);
        put_movement(page, descriptor, &descriptor->movements[i]);
    }
}

void zc_page_put_descriptors(zc_page *page, const zc_mission *mission)
{
    if (mission->descriptor_count > 0) {
        zc_page_put(page, "\nMethods of contracts that this mission describes\n");
    }
    for (size_t i = 0; i < mission->descriptor_count; i++) {
        zc_page_put(page, "  ");
        zc_page_put_descriptor(page, mission, &mission->descriptors[i], "\n      ");
        zc_page_put(page, "\n");
    }
}
