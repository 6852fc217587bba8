/* Private to the module: the functions of the standard that do something. Each is described there
 * (PKCS #11 v3.1, chapter 5); what is ours alone stands in module.h. */
#ifndef ZC_API_PKCS11_ENTRIES_H
#define ZC_API_PKCS11_ENTRIES_H

#include "module.h"

/* token.c */
CK_RV zcp_p11_initialize(void *arguments);
CK_RV zcp_p11_finalize(void *reserved);
CK_RV zcp_p11_get_slot_list(unsigned char present, CK_SLOT_ID *list, unsigned long *count);
CK_RV zcp_p11_get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info);
CK_RV zcp_p11_get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info);
CK_RV zcp_p11_get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, unsigned long *count);
CK_RV zcp_p11_get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info);

/* session.c */
CK_RV zcp_p11_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                           CK_SESSION_HANDLE *session);
CK_RV zcp_p11_close_session(CK_SESSION_HANDLE session);
CK_RV zcp_p11_close_all_sessions(CK_SLOT_ID slot);
CK_RV zcp_p11_get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info);
CK_RV zcp_p11_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
                    unsigned long pin_len);
CK_RV zcp_p11_logout(CK_SESSION_HANDLE session);
CK_RV zcp_p11_seed_random(CK_SESSION_HANDLE session, unsigned char *seed, unsigned long seed_len);
CK_RV zcp_p11_generate_random(CK_SESSION_HANDLE session, unsigned char *bytes, unsigned long len);

/* object.c */
CK_RV zcp_p11_get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                  CK_ATTRIBUTE *template, unsigned long count);
CK_RV zcp_p11_find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template,
                                unsigned long count);
CK_RV zcp_p11_find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, unsigned long max,
                           unsigned long *count);
CK_RV zcp_p11_find_objects_final(CK_SESSION_HANDLE session);
CK_RV zcp_p11_create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, unsigned long count,
                            CK_OBJECT_HANDLE *object);
CK_RV zcp_p11_destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
CK_RV zcp_p11_generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                                CK_ATTRIBUTE *public_template, unsigned long public_count,
                                CK_ATTRIBUTE *private_template, unsigned long private_count,
                                CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);

/* sign.c */
CK_RV zcp_p11_sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV zcp_p11_sign(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                   unsigned char *signature, unsigned long *signature_len);
CK_RV zcp_p11_sign_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len);
CK_RV zcp_p11_sign_final(CK_SESSION_HANDLE session, unsigned char *signature,
                         unsigned long *signature_len);
CK_RV zcp_p11_verify_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV zcp_p11_verify(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                     unsigned char *signature, unsigned long signature_len);
CK_RV zcp_p11_verify_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len);
CK_RV zcp_p11_verify_final(CK_SESSION_HANDLE session, unsigned char *signature,
                           unsigned long signature_len);
CK_RV zcp_p11_digest_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism);
CK_RV zcp_p11_digest(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                     unsigned char *digest, unsigned long *digest_len);
CK_RV zcp_p11_digest_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len);
CK_RV zcp_p11_digest_final(CK_SESSION_HANDLE session, unsigned char *digest,
                           unsigned long *digest_len);

#endif
