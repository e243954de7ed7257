# Writes OUT: every migration of FILES as a raw string, in the order of their numbers, given by the
# function Migrations() of namespace kangqu::store::NAME.
list(SORT FILES)
set(rows "")
set(expected 1)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  string(REGEX MATCH "^[0-9]+" digits ${name})
  math(EXPR number "${digits}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "migration ${name}: number ${expected} expected")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ ${file} text)
  string(APPEND rows "    {${number}, R\"KQSQL(${text})KQSQL\"},\n")
endforeach()
file(WRITE ${OUT}
  "#include \"migration.hpp\"\n\nnamespace kangqu::store::${NAME} {\n\n"
  "namespace {\nconstexpr Migration kMigrations[] = {\n${rows}};\n}  // namespace\n\n"
  "std::span<const Migration> Migrations() noexcept { return kMigrations; }\n\n"
  "}  // namespace kangqu::store::${NAME}\n")
