/* The ssh-agent protocol (draft-ietf-sshm-ssh-agent): one request, one answer. Private to the
 * interface. */
#ifndef ZC_API_SSH_AGENT_AGENT_H
#define ZC_API_SSH_AGENT_AGENT_H

#include "api/gateway.h"
#include "api/ssh_agent/bind.h"
#include "api/ssh_agent/lock.h"
#include "base/writer.h"

#define ZC_SSH_REQUEST_MAX ((size_t)256 << 10)
#define ZC_SSH_ANSWER_MAX ((size_t)256 << 10)
#define ZC_SSH_IDENTITIES_MAX 1024

/* One connection. */
typedef struct zc_ssh_agent {
    zc_ssh_locks *locks;
    zc_api_call *call;
    zc_ssh_bindings bindings;
} zc_ssh_agent;

/* Answers a request (type and body, without its length) into a writer of ZC_SSH_ANSWER_MAX bytes.
 * Every request has an answer: SSH_AGENT_FAILURE for what is malformed, unknown or refused. */
void zc_ssh_agent_answer(zc_ssh_agent *agent, zc_slice request, zc_writer *writer);

#endif
