#pragma once

namespace kangqu::store::sqlite {

// The name of a layer over SQLite's default file system that ends every page of a database file in
// a checksum when it is written and looks at it when it is read; a page that does not fit is
// SQLITE_IOERR_DATA. It works on files that leave room for it (kPageCheckBytes reserved in each
// page, as new stores do) and lets all others be. The log has checksums of its own and is left
// alone.
const char* CheckedVfs();

}  // namespace kangqu::store::sqlite
