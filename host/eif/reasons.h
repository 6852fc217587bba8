#ifndef ZC_EIF_REASONS_H
#define ZC_EIF_REASONS_H

#include "base/result.h"

#define ZC_EIF_REASONS(X)                                                                          \
    X(NOT_EIF, 1, "not an enclave image: it does not begin with \".eif\"")                         \
    X(VERSION_UNKNOWN, 2, "an enclave image of a version that is not known here (4 is)")           \
    X(TRUNCATED, 3, "the image ends before its header or a section does")                          \
    X(TOO_MANY_SECTIONS, 4, "the image announces more sections than its header can list")          \
    X(SECTION_PLACE, 5, "a section does not begin where the one before it ends")                   \
    X(SECTION_SIZE, 6, "a section's size differs from what the header says of it")                 \
    X(SECTION_TYPE, 7, "a section is of an unknown type or has flags that must be zero")           \
    X(TRAILING, 8, "bytes follow the last section that nothing measures")                          \
    X(CRC, 9, "the checksum is not that of the content: the file is damaged")                      \
    X(NO_KERNEL, 10, "the image has no kernel, or more than one")                                  \
    X(NO_CMDLINE, 11, "the image has no kernel command line, or more than one")                    \
    X(NO_RAMDISK, 12, "the image has no ramdisk")                                                  \
    X(TWICE, 13, "the image has a second metadata or signature section")                           \
    X(HEADER_REST, 14, "a field of the header that must be zero is not")                           \
    X(BAD_CMDLINE, 15, "the command line is empty, too long, or holds a zero byte")                \
    X(BAD_METADATA, 16, "the metadata is no JSON object")                                          \
    X(BAD_SIGNATURE, 17, "the signature section is not of the form that images have")              \
    X(WRONG_SIGNATURE, 18, "the signature is not over this image's PCR0 by its certificate")       \
    X(BAD_CERTIFICATE, 19, "the signing certificate is no PEM certificate of an EC key")           \
    X(BAD_KEY, 20, "the signing key is no PEM private key, or not that of the certificate")        \
    X(TOO_LARGE, 21, "a part of the image is longer than an image may hold")                       \
    X(NO_MEMORY, 22, "the machine gave no memory")                                                 \
    X(BAD_NAME, 23, "a name in the ramdisk is empty, absolute, too long, or given twice")

#define ZC_DECLARE_EIF_REASON(name, number, text)                                                  \
    ZC_EIF_##name = ZC_REASON_CODE(ZC_MODULE_EIF, number),
enum { ZC_EIF_REASONS(ZC_DECLARE_EIF_REASON) };

#endif
