#include "intent/cosmos/walk.h"

/* MsgGrant, its grant, the authorization's Any, and what that holds; an allowance in an allowance.
 */
#define MAX_FRAMES 8

/* An embedded message while it is read. */
typedef struct frame {
    zc_reader reader;
    zc_pb_sequence sequence;
    const zc_cosmos_shape *shape;
    bool has_limit;
    bool has_expiry;
} frame;

/* One message while it is read: who and whom it names comes before or behind what it moves. */
typedef struct message {
    zc_cosmos_reading *reading;
    const zc_cosmos_shape *shape;
    uint16_t call;
    uint8_t depth;
    bool is_read;
    zc_slice actor_text;
    zc_address actor;
    zc_address to;
    size_t first_movement;
    size_t frames;
    frame frame[MAX_FRAMES];
} message;

zc_result zc_cosmos_enqueue(zc_cosmos_reading *reading, zc_slice any, uint16_t parent,
                            uint8_t depth)
{
    if (reading->waiting >= ZC_INTENT_MAX_CALLS) {
        return zc_fail(ZC_INTENT_TOO_MANY_CALLS);
    }
    if (depth > ZC_COSMOS_MAX_EXEC_DEPTH) {
        return zc_fail(ZC_INTENT_COSMOS_DEPTH);
    }
    reading->queue[reading->waiting++] =
        (zc_cosmos_pending){.any = any, .parent = parent, .depth = depth};
    return ZC_OK;
}

static bool names_counterparty(const zc_cosmos_shape *shape)
{
    for (size_t i = 0; i < ZC_COSMOS_MAX_FIELDS; i++) {
        if (shape->field[i].role == ZC_COSMOS_TO) {
            return true;
        }
    }
    return false;
}

static zc_result push(message *self, const zc_cosmos_shape *shape, zc_slice bytes)
{
    if (self->frames >= MAX_FRAMES) {
        return zc_fail(ZC_INTENT_COSMOS_DEPTH);
    }
    /* Each output of a MsgMultiSend names its own. */
    if (names_counterparty(shape)) {
        self->to = (zc_address){0};
    }
    self->frame[self->frames++] = (frame){.reader = zc_reader_of(bytes), .shape = shape};
    return ZC_OK;
}

static void not_read(message *self, uint64_t flags)
{
    self->reading->intent->flags |= flags;
    self->is_read = false;
}

static zc_result add_movement(message *self, zc_movement_kind kind, const zc_cosmos_coin *coin)
{
    zc_intent *intent = self->reading->intent;
    zc_movement movement = {
        .kind = kind,
        .call = self->call,
        .asset = coin != NULL ? coin->asset : zc_asset_id_native(intent->chain_id),
        .to = self->to,
    };
    if (coin != NULL) {
        movement.amount = coin->amount;
    }
    return zc_intent_add_movement(intent, &movement);
}

/* A limit holds for all that encloses it. IBC writes "no limit" as the greatest number. */
static void set_limit(message *self, const zc_u256 *amount)
{
    const zc_u256 unlimited = ZC_U256_MAX;
    for (size_t i = 0; i < self->frames && !zc_u256_eq(amount, &unlimited); i++) {
        self->frame[i].has_limit = true;
    }
}

static zc_result on_coin(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    zc_cosmos_coin coin;
    zc_intent *intent = self->reading->intent;
    ZC_TRY(zc_cosmos_get_coin(field, intent->chain_id, &coin));
    switch ((zc_cosmos_role)known->role) {
    case ZC_COSMOS_AMOUNT:
        return add_movement(self, (zc_movement_kind)self->shape->movement, &coin);
    case ZC_COSMOS_LIMIT:
        set_limit(self, &coin.amount);
        return add_movement(self, ZC_MOVEMENT_ALLOWANCE, &coin);
    case ZC_COSMOS_SILENT:
        return ZC_OK;
    case ZC_COSMOS_SHOW:
    case ZC_COSMOS_ACTOR:
    case ZC_COSMOS_TO:
    case ZC_COSMOS_EXPIRY:
    case ZC_COSMOS_MEMO:
        break;
    }
    return zc_cosmos_add_coin(intent, self->call, known->label, &coin);
}

/* Packet-forwarding and hooks of the receiving chain run a memo that is a JSON object. */
static bool is_json_object(zc_slice text)
{
    size_t i = 0;
    while (i < text.len &&
           (text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r'))) {
        i++;
    }
    return i < text.len && text.data[i] == '{';
}

static zc_result on_text(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    zc_slice text;
    ZC_TRY(zc_cosmos_get_text(field, &text));
    if (text.len == 0 && known->kind == ZC_COSMOS_TEXT) {
        return ZC_OK;
    }
    if (known->role == ZC_COSMOS_ACTOR) {
        if (self->actor.len != 0) {
            /* Several inputs of a MsgMultiSend: chains allow one. */
            not_read(self, ZC_FLAG_PARTIAL_DECODE);
            return zc_cosmos_add_text(self->reading->intent, self->call, known->label,
                                      ZC_ARGUMENT_TEXT, text);
        }
        self->actor_text = text;
        return zc_cosmos_get_address(text, &self->actor);
    }
    if (known->role == ZC_COSMOS_TO) {
        ZC_TRY(zc_cosmos_get_address(text, &self->to));
    } else if (known->role == ZC_COSMOS_MEMO && is_json_object(text)) {
        not_read(self, ZC_FLAG_PARTIAL_DECODE);
    }
    return zc_cosmos_add_text(self->reading->intent, self->call, known->label, ZC_ARGUMENT_TEXT,
                              text);
}

static zc_result on_number(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    const zc_argument_kind kind = known->kind == ZC_COSMOS_INT    ? ZC_ARGUMENT_SIGNED
                                  : known->kind == ZC_COSMOS_BOOL ? ZC_ARGUMENT_BOOL
                                                                  : ZC_ARGUMENT_NUMBER;
    if (field->wire != ZC_PB_VARINT || (kind == ZC_ARGUMENT_BOOL && field->value > 1)) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    return zc_cosmos_add_number(self->reading->intent, self->call, known->label, kind,
                                field->value);
}

static zc_result on_time(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    int64_t seconds;
    uint32_t nanos;
    ZC_TRY(zc_cosmos_get_time(field, &seconds, &nanos));
    if (known->role == ZC_COSMOS_EXPIRY) {
        self->frame[self->frames - 1].has_expiry = true;
    }
    return zc_cosmos_add_number(self->reading->intent, self->call, known->label, ZC_ARGUMENT_SIGNED,
                                (uint64_t)seconds);
}

/* An authorization or an allowance: what it is stands as an argument, and its fields follow. */
static zc_result on_any(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    zc_slice type_url;
    zc_slice value;
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    ZC_TRY(zc_cosmos_get_any(field->bytes, &type_url, &value));
    ZC_TRY(zc_cosmos_add_text(self->reading->intent, self->call, known->label, ZC_ARGUMENT_TEXT,
                              type_url));
    const zc_cosmos_shape *shape = zc_cosmos_grant_shape(type_url);
    if (shape == NULL) {
        not_read(self, ZC_FLAG_PARTIAL_DECODE | ZC_FLAG_UNKNOWN_CALLDATA);
        return ZC_OK;
    }
    return push(self, shape, value);
}

static zc_result on_bytes(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    switch ((zc_cosmos_kind)known->kind) {
    case ZC_COSMOS_SUB:
    case ZC_COSMOS_SUBS:
        return push(self, known->sub, field->bytes);
    case ZC_COSMOS_MESSAGES:
        return zc_cosmos_enqueue(self->reading, field->bytes, self->call,
                                 (uint8_t)(self->depth + 1));
    case ZC_COSMOS_OPAQUE:
        not_read(self, ZC_FLAG_PARTIAL_DECODE);
        break;
    default:
        break;
    }
    return zc_cosmos_add_text(self->reading->intent, self->call, known->label, ZC_ARGUMENT_BYTES,
                              field->bytes);
}

static bool is_repeated(const zc_cosmos_field *known)
{
    return known->kind == ZC_COSMOS_TEXTS || known->kind == ZC_COSMOS_COINS ||
           known->kind == ZC_COSMOS_SUBS || known->kind == ZC_COSMOS_MESSAGES ||
           known->kind == ZC_COSMOS_OPAQUE;
}

static zc_result on_field(message *self, const zc_cosmos_field *known, const zc_pb_field *field)
{
    switch ((zc_cosmos_kind)known->kind) {
    case ZC_COSMOS_TEXT:
    case ZC_COSMOS_TEXTS:
        return on_text(self, known, field);
    case ZC_COSMOS_UINT:
    case ZC_COSMOS_INT:
    case ZC_COSMOS_BOOL:
        return on_number(self, known, field);
    case ZC_COSMOS_COIN:
    case ZC_COSMOS_COINS:
        return on_coin(self, known, field);
    case ZC_COSMOS_TIME:
        return on_time(self, known, field);
    case ZC_COSMOS_ANY:
        return on_any(self, known, field);
    case ZC_COSMOS_BYTES:
    case ZC_COSMOS_SUB:
    case ZC_COSMOS_SUBS:
    case ZC_COSMOS_MESSAGES:
    case ZC_COSMOS_OPAQUE:
    case ZC_COSMOS_END:
        break;
    }
    return on_bytes(self, known, field);
}

static const zc_cosmos_field *find_field(const zc_cosmos_shape *shape, uint32_t number)
{
    for (size_t i = 0; i < ZC_COSMOS_MAX_FIELDS && shape->field[i].kind != ZC_COSMOS_END; i++) {
        if (shape->field[i].number == number) {
            return &shape->field[i];
        }
    }
    return NULL;
}

/* One field of the innermost open message. */
static zc_result step(message *self)
{
    frame *top = &self->frame[self->frames - 1];
    zc_pb_field field;
    self->reading->fault = top->reader.at;
    ZC_TRY(zc_pb_get_field(&top->reader, &field));
    const zc_cosmos_field *known = find_field(top->shape, field.number);
    ZC_TRY(zc_pb_sequence_check(&top->sequence, field.number, known == NULL || is_repeated(known)));
    if (known == NULL) {
        not_read(self, ZC_FLAG_PARTIAL_DECODE);
        return ZC_OK;
    }
    return on_field(self, known, &field);
}

/* What an open message did not say, now that it is at its end. */
static zc_result pop(message *self)
{
    const frame *top = &self->frame[self->frames - 1];
    if (top->shape->is_open && !top->has_limit) {
        self->reading->intent->flags |= ZC_FLAG_UNLIMITED_APPROVAL;
    }
    if (top->shape->may_expire && !top->has_expiry) {
        self->reading->intent->flags |= ZC_FLAG_NO_EXPIRY;
    }
    if (names_counterparty(top->shape) && self->to.len == 0) {
        return zc_fail(ZC_INTENT_COSMOS_MISSING);
    }
    self->frames--;
    return ZC_OK;
}

/* Whose value it is. The account's own stays as it is; another's, which a granter let the account
 * take or a co-signer gives, is a PULL. What a validator gives back comes from it. */
static void settle_movement(const message *self, bool is_own, zc_movement *movement)
{
    if (movement->kind == ZC_MOVEMENT_RECEIVE) {
        movement->from = movement->to;
        movement->to = self->actor;
        return;
    }
    movement->from = self->actor;
    if (movement->kind != ZC_MOVEMENT_OUT) {
        return;
    }
    if (zc_slice_eq(zc_address_slice(&movement->to), self->reading->account)) {
        movement->kind = ZC_MOVEMENT_RECEIVE;
    } else if (!is_own) {
        movement->kind = ZC_MOVEMENT_PULL;
    }
}

static zc_result settle_actor(message *self)
{
    zc_cosmos_reading *reading = self->reading;
    zc_intent *intent = reading->intent;
    const bool is_own = zc_slice_eq(zc_address_slice(&self->actor), reading->account);
    if (self->actor.len == 0) {
        return zc_fail(ZC_INTENT_COSMOS_MISSING);
    }
    if (self->depth == 0) {
        reading->is_involved = reading->is_involved || is_own;
        if (!is_own && reading->signers == 1) {
            return zc_fail(ZC_INTENT_COSMOS_ACTOR);
        }
    }
    for (size_t i = self->first_movement; i < intent->movement_count; i++) {
        settle_movement(self, is_own, &intent->movements[i]);
    }
    return is_own ? ZC_OK
                  : zc_cosmos_add_text(intent, self->call, "actor", ZC_ARGUMENT_TEXT,
                                       self->actor_text);
}

/* Power that its holder only keeps is not handed on. */
static zc_result add_control(message *self)
{
    if (!self->shape->hands_control ||
        zc_slice_eq(zc_address_slice(&self->to), self->reading->account)) {
        return ZC_OK;
    }
    return add_movement(self, ZC_MOVEMENT_CONTROL, NULL);
}

static zc_result read_shape(message *self, zc_slice value)
{
    ZC_TRY(push(self, self->shape, value));
    while (self->frames != 0) {
        if (zc_reader_left(&self->frame[self->frames - 1].reader) != 0) {
            ZC_TRY(step(self));
        } else {
            ZC_TRY(pop(self));
        }
    }
    ZC_TRY(add_control(self));
    return settle_actor(self);
}

static void weigh(zc_cosmos_reading *reading, const zc_cosmos_shape *shape)
{
    const zc_operation operation =
        shape != NULL ? (zc_operation)shape->operation : ZC_OPERATION_CONTRACT_CALL;
    if ((unsigned)operation != 0 && reading->weighty++ == 0) {
        reading->operation = operation;
    }
}

static void set_method(zc_call *call, zc_slice type_url, zc_slice value)
{
    call->method_len =
        (uint8_t)(type_url.len < ZC_METHOD_MAX ? type_url.len : (size_t)ZC_METHOD_MAX);
    memcpy(call->method, type_url.data, call->method_len);
    call->data_len = (uint32_t)value.len;
}

/* A message of a type that is not known: nothing is said of it but its type. */
static zc_result read_unknown(zc_cosmos_reading *reading, uint16_t call, zc_slice type_url,
                              zc_slice value)
{
    zc_intent *intent = reading->intent;
    intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA;
    /* For whom it acts is as unknown; with one signer it can only be that one. */
    reading->is_involved = true;
    if (type_url.len > ZC_METHOD_MAX) {
        ZC_TRY(zc_cosmos_add_text(intent, call, "type_url", ZC_ARGUMENT_TEXT, type_url));
    }
    return zc_cosmos_add_text(intent, call, "value", ZC_ARGUMENT_BYTES, value);
}

static zc_result read_message(zc_cosmos_reading *reading, const zc_cosmos_pending *pending)
{
    zc_intent *intent = reading->intent;
    zc_call *call;
    zc_slice type_url;
    zc_slice value;
    const zc_address nobody = {0};
    reading->fault = pending->any.data;
    ZC_TRY(zc_cosmos_get_any(pending->any, &type_url, &value));
    message self = {
        .reading = reading,
        .shape = zc_cosmos_message_shape(type_url),
        .call = (uint16_t)intent->call_count,
        .depth = pending->depth,
        .is_read = true,
        .first_movement = intent->movement_count,
    };
    ZC_TRY(zc_intent_add_call(intent, &nobody, pending->parent, &call));
    set_method(call, type_url, value);
    weigh(reading, self.shape);
    if (self.shape == NULL) {
        return read_unknown(reading, self.call, type_url, value);
    }
    intent->flags |= self.shape->flags;
    ZC_TRY(read_shape(&self, value));
    call->is_read = self.is_read && (self.shape->flags & ZC_FLAG_UNKNOWN_CALLDATA) == 0;
    if ((self.shape->flags & ZC_FLAG_UNKNOWN_CALLDATA) != 0) {
        call->target = self.to;
    }
    return ZC_OK;
}

zc_result zc_cosmos_walk(zc_cosmos_reading *reading)
{
    while (reading->done < reading->waiting) {
        ZC_TRY(read_message(reading, &reading->queue[reading->done++]));
    }
    return ZC_OK;
}
