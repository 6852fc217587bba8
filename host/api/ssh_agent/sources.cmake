list(APPEND ZC_API_SOURCES ssh_agent/agent.c ssh_agent/bind.c ssh_agent/blob.c ssh_agent/lock.c ssh_agent/serve.c)
