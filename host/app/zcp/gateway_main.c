/* `zcp-gateway`: what `zcp gateway` becomes. HTTP, TLS and the interfaces are in this program
 * alone. */
#include "commands.h"

static const zc_command commands[] = {
    {"gateway", "INTERFACE ...", "Serves the interfaces that programs already speak: kms, rest …",
     zc_gateway_command_options, 1, ZC_ARGUMENTS_MAX, zc_run_gateway},
};

int main(int argc, char **argv)
{
    return zc_command_line(commands, 1, argc, argv);
}
