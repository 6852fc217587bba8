/* Temporary folders of a run, and the deployments in them. */
#ifndef ZC_BENCH_PLACE_H
#define ZC_BENCH_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "zcp.h"

#define ZC_BENCH_PATH_SIZE 512

typedef enum zc_bench_folder {
    ZC_FOLDER_DISK,   /* under $TMPDIR, else /tmp: log entries reach a disk, if that is one */
    ZC_FOLDER_MEMORY, /* under /dev/shm: what is left when durability costs nothing */
    ZC_FOLDER_START,  /* as the first; started again and again */
    ZC_FOLDER_NSM,    /* the development root of attest.fresh */
    ZC_FOLDER_HSM,    /* SoftHSM's token */
    ZC_FOLDER_SPIN,   /* on the disk, with core on a processor of its own, looking for work; entries
                         may wait for the disk, where the mission may say so */
    ZC_FOLDER_PEERS,  /* keys and sockets of what is compared */
    ZC_FOLDER_BLOCK,  /* as the first, with entries that may wait for the disk */
    ZC_FOLDER_PAIR,   /* as the first, on every processor, with a thread that signs beside core */
    ZC_FOLDER_ALONE,  /* the same without that thread */
    ZC_FOLDER_CROWD,  /* as ZC_FOLDER_BLOCK, for many sessions */
    ZC_FOLDERS
} zc_bench_folder;

/* Names the folders; each is made when it is first asked for. False when there is no room for
 * names. */
bool zc_bench_place_make(void);
/* The folder, made if need be; NULL when that fails. */
const char *zc_bench_place(zc_bench_folder folder);
/* Stops what runs in the folders and removes them. */
void zc_bench_place_remove(void);

/* The path of a file that stands beside this program. False when it is too long. */
bool zc_bench_beside(const char *name, char ret_path[static ZC_BENCH_PATH_SIZE]);

/* Starts the deployment of a folder, with a mission that allows messages, and waits until it
 * serves. Returns NULL, or why not. */
const char *zc_deployment_start(zc_bench_folder folder);
/* The same, but returns when the programs run. */
bool zc_deployment_launch(zc_bench_folder folder);
void zc_deployment_stop(zc_bench_folder folder);

/* Memory that the deployment's processes have resident, in bytes; 0 when none of them is found. */
uint64_t zc_deployment_memory(zc_bench_folder folder);

/* A session with it. NULL, or why not. */
const char *zc_deployment_open(zc_bench_folder folder, zcp_session **ret_session);
/* The same with how its bytes travel. */
const char *zc_deployment_open_as(zc_bench_folder folder, bool shared, unsigned spin_us,
                                  zcp_session **ret_session);

/* Makes a P-256 key unless it is there. */
bool zc_deployment_key(zcp_session *session, const char *name);

/* Lets this thread run on one processor alone. */
bool zc_bench_bind(int cpu);
/* Lets this process run on every processor. */
bool zc_bench_unbind(void);
/* The processor of ZC_FOLDER_SPIN's core, and that of everything else. False when there is only
 * one. */
bool zc_bench_processors(int *ret_core, int *ret_others);
/* Whether signatures of ZC_FOLDER_SPIN may leave before their entries are on the disk. */
bool zc_bench_entries_wait(void);

#endif
