# One static library per module. A module may use only modules of a LOWER layer
# (checked here at configure time) and sees only their include/ folders
# (so a forbidden #include is "file not found" at compile time).
include_guard(GLOBAL)

add_library(kangqu_flags INTERFACE)
target_compile_options(kangqu_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wlogical-op>
  $<$<BOOL:${KANGQU_WERROR}>:-Werror>)
if(KANGQU_HARDEN AND NOT KANGQU_SANITIZE)
  target_compile_options(kangqu_flags INTERFACE -fstack-protector-strong -fstack-clash-protection -fPIE
    $<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
  target_link_options(kangqu_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(KANGQU_SANITIZE)
  list(JOIN KANGQU_SANITIZE "," _san)
  target_compile_options(kangqu_flags INTERFACE -fsanitize=${_san} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(kangqu_flags INTERFACE -fsanitize=${_san})
endif()

function(kangqu_layers)
  set_property(GLOBAL PROPERTY KANGQU_LAYERS "${ARGN}")
endfunction()

# kangqu_module(NAME fhirpath LAYER engine USES core fhir [PRIVATE_LIBS ...] [GENERATED file.cpp ...]
#               [TEST_LIBS ...])
# Sources: src/*.cpp and src/*/*.cpp. Tests: test/*_test.cpp.
function(kangqu_module)
  cmake_parse_arguments(M "" "NAME;LAYER" "USES;PRIVATE_LIBS;GENERATED;TEST_LIBS" ${ARGN})
  get_property(layers GLOBAL PROPERTY KANGQU_LAYERS)
  list(FIND layers "${M_LAYER}" mine)
  if(mine LESS 0)
    message(FATAL_ERROR "module ${M_NAME}: unknown layer '${M_LAYER}'")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/src/*/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/kangqu/${M_NAME}/*.hpp)
  add_library(kangqu_${M_NAME} STATIC ${sources} ${M_GENERATED})
  add_library(kangqu::${M_NAME} ALIAS kangqu_${M_NAME})
  set_property(TARGET kangqu_${M_NAME} PROPERTY KANGQU_LAYER ${M_LAYER})
  target_sources(kangqu_${M_NAME} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  target_link_libraries(kangqu_${M_NAME} PRIVATE kangqu_flags ${M_PRIVATE_LIBS})
  foreach(dep IN LISTS M_USES)
    if(NOT TARGET kangqu_${dep})
      message(FATAL_ERROR "module ${M_NAME} uses '${dep}', which is not declared before it")
    endif()
    get_property(dep_layer TARGET kangqu_${dep} PROPERTY KANGQU_LAYER)
    list(FIND layers "${dep_layer}" theirs)
    if(NOT theirs LESS mine)
      message(FATAL_ERROR "layering: ${M_NAME} (${M_LAYER}) may not use ${dep} (${dep_layer})")
    endif()
    target_link_libraries(kangqu_${M_NAME} PUBLIC kangqu_${dep})
  endforeach()
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/test/*_test.cpp)
  if(tests)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    add_executable(${M_NAME}_test ${tests})
    target_link_libraries(${M_NAME}_test PRIVATE kangqu_${M_NAME} kangqu_flags ${M_TEST_LIBS} GTest::gtest_main)
    if(TARGET kangqu_store_testing)
      target_link_libraries(${M_NAME}_test PRIVATE kangqu_store_testing)
    endif()
    target_include_directories(${M_NAME}_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
    target_compile_definitions(${M_NAME}_test PRIVATE KANGQU_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(${M_NAME}_test TEST_PREFIX ${M_NAME}. DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${M_LAYER} TIMEOUT 600)
  endif()
endfunction()

# kangqu_fuzz(NAME json USES core): always built with a replay main and run over its
# corpus as an ordinary test; linked with libFuzzer only when KANGQU_FUZZ is ON.
function(kangqu_fuzz)
  cmake_parse_arguments(F "" "NAME" "USES" ${ARGN})
  add_executable(fuzz_${F_NAME} fuzz_${F_NAME}.cpp)
  target_link_libraries(fuzz_${F_NAME} PRIVATE kangqu_flags)
  foreach(dep IN LISTS F_USES)
    target_link_libraries(fuzz_${F_NAME} PRIVATE kangqu_${dep})
  endforeach()
  if(KANGQU_FUZZ)
    target_link_options(fuzz_${F_NAME} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${F_NAME} PRIVATE replay_main.cpp)
    target_compile_definitions(fuzz_${F_NAME} PRIVATE KANGQU_FUZZ_REPLAY)
    add_test(NAME fuzz_replay.${F_NAME} COMMAND fuzz_${F_NAME} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${F_NAME})
  endif()
endfunction()
