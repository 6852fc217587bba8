/* What PID 1 of an enclave does for its machine. */
#ifndef ZC_SIGNER_MACHINE_H
#define ZC_SIGNER_MACHINE_H

#include <stdbool.h>
#include <stdnoreturn.h>

/* /dev, an empty folder for the others to live in, and the console as descriptors 0 to 2. */
bool mount_devices(void);
/* The kernel modules of /modules in the order of their names; none when there is no such folder.
 * One that does not load is said, and is no failure yet: the kernel may have it built in. */
void load_modules(void);
/* Opens a device that a driver may still be making; −1 after five seconds. */
int open_device(const char *path);
/* Says why, and ends the enclave. PID 1 must never simply end: the kernel would panic. */
noreturn void end_machine(const char *why);

#endif
