# What `make install` and `cmake --install` put where. zcp finds the other programs beside itself
# and the missions in ../share/zerocopy/missions, so those places are fixed; the library's is the system's.
# zcp-vectors and the tests are not installed.
include(GNUInstallDirs)
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    message(FATAL_ERROR "install: CMAKE_INSTALL_LIBDIR must be relative to the prefix, as the rest of the tree is.")
endif()

install(TARGETS zcp-cli zcpd zcp-enclave zcp-gateway zcp-witness RUNTIME DESTINATION bin)
if(TARGET zcp-bench)
    install(TARGETS zcp-bench RUNTIME DESTINATION bin OPTIONAL)
endif()
install(TARGETS zcp LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS zcp-pkcs11 LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_SOURCE_DIR}/include/zcp.h DESTINATION include)

file(RELATIVE_PATH ZCP_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_SOURCE_DIR}/deploy/zcp.pc.in ${CMAKE_BINARY_DIR}/deploy/zcp.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/deploy/zcp.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/missions/ DESTINATION share/zerocopy/missions FILES_MATCHING
    PATTERN "*.yaml" PATTERN "*.json" PATTERN "train.py")
install(FILES ${CMAKE_SOURCE_DIR}/deploy/zcp.1 DESTINATION share/man/man1)
install(FILES ${CMAKE_SOURCE_DIR}/deploy/zcp.bash DESTINATION share/bash-completion/completions RENAME zcp)

# The unit names the program by its full path, which is known only now: --prefix may differ from the
# configured one. DESTDIR is where a package is put together and is not part of it.
install(CODE "set(service_in [[${CMAKE_SOURCE_DIR}/deploy/zerocopy.service.in]])
set(service [[${CMAKE_BINARY_DIR}/deploy/zerocopy.service]])")
install(CODE [[
    get_filename_component(ZCP_BINDIR "${CMAKE_INSTALL_PREFIX}/bin" ABSOLUTE)
    configure_file(${service_in} ${service} @ONLY)
]])
install(FILES ${CMAKE_BINARY_DIR}/deploy/zerocopy.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/deploy/zerocopy.sysusers.conf DESTINATION lib/sysusers.d RENAME zerocopy.conf)
