#include "folder_lock.hpp"
#include "image_parts.hpp"
#include "presence_filter.hpp"
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <zstd.h>

namespace kangqu::store {

namespace {

// A backup is this line and then blocks: kind (1 byte), size of the packed content (4 bytes, low
// end first), digest of everything up to the content's end (8 bytes), content. Content is a zstd
// frame of fields, each a number in groups of seven bits or a text behind its length.
constexpr std::string_view kMagic = "KANGQU BACKUP 1\n";
constexpr int kLevel = 3;
constexpr std::size_t kMaxBlockBytes = std::size_t{1} << 30U;
enum class Kind : unsigned char {
    kTables = 1,
    kTexts = 2,
    kVersions = 3,
    kReserved = 4,
    kValues = 5,
    kEnd = 6
};

class Fields {
public:
    Fields& Put(std::int64_t value) {
        auto rest = static_cast<std::uint64_t>(value);
        while (rest >= 0x80U) {
            bytes += static_cast<char>(static_cast<unsigned char>((rest & 0x7FU) | 0x80U));
            rest >>= 7U;
        }
        bytes += static_cast<char>(static_cast<unsigned char>(rest));
        return *this;
    }
    Fields& Put(std::string_view text) {
        Put(static_cast<std::int64_t>(text.size()));
        bytes += text;
        return *this;
    }
    std::string bytes;
};

// Reads fields; once something was wrong everything is empty and whole() false.
class Taking {
public:
    explicit Taking(std::string_view bytes) : bytes_(bytes) {}
    bool more() const { return whole_ && !bytes_.empty(); }
    bool whole() const { return whole_; }
    std::int64_t Number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_.front());
            bytes_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80U) {
                return static_cast<std::int64_t>(value);
            }
        }
        whole_ = false;
        return 0;
    }
    std::string Text() {
        const auto size = static_cast<std::uint64_t>(Number());
        if (!whole_ || size > bytes_.size()) {
            whole_ = false;
            return {};
        }
        std::string text(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return text;
    }

private:
    std::string_view bytes_;
    bool whole_ = true;
};

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

core::Error Unwritable(const std::string& path) {
    const int number = errno;
    if (number == ENOSPC || number == EDQUOT) {
        return core::MakeError(core::ErrorCode::kStoreFull);
    }
    return core::MakeError(
        core::ErrorCode::kFileUnwritable, path, std::generic_category().message(number)
    );
}

std::string HeadOf(Kind kind, std::size_t size) {
    std::string head(1, static_cast<char>(kind));
    for (unsigned i = 0; i < 4; ++i) {
        head += static_cast<char>(static_cast<unsigned char>((size >> (8U * i)) & 0xFFU));
    }
    return head;
}

std::string DigestBytes(std::uint64_t digest) {
    std::string bytes;
    for (unsigned i = 0; i < 8; ++i) {
        bytes += static_cast<char>(static_cast<unsigned char>((digest >> (8U * i)) & 0xFFU));
    }
    return bytes;
}

class WritingFile final : public ImageSink {
public:
    explicit WritingFile(std::string path) : path_(std::move(path)) {}
    ~WritingFile() override {
        if (file_) {
            file_.reset();
            std::error_code ignored;
            std::filesystem::remove(Partial(), ignored);
        }
    }
    WritingFile(const WritingFile&) = delete;
    WritingFile& operator=(const WritingFile&) = delete;

    core::Status Open() {
        std::error_code failed;
        if (std::filesystem::exists(path_, failed)) {
            return core::MakeError(core::ErrorCode::kStoreNotEmpty, path_);
        }
        file_.reset(std::fopen(Partial().c_str(), "wbe"));
        return file_ ? Append(kMagic) : core::Status(Unwritable(path_));
    }

    core::Status Tables(const std::vector<ImageTable>& tables) override {
        Fields fields;
        for (const ImageTable& table : tables) {
            fields.Put(table.number).Put(table.name).Put(table.columns).Put(table.lacks_upto);
        }
        return Block(Kind::kTables, fields);
    }
    core::Status Texts(const std::vector<std::pair<std::int64_t, std::string>>& texts) override {
        Fields fields;
        for (const auto& [number, text] : texts) {
            fields.Put(number).Put(text);
        }
        return Block(Kind::kTexts, fields);
    }
    core::Status Versions(const std::vector<ImageVersion>& versions) override {
        Fields fields;
        for (const ImageVersion& one : versions) {
            const Version& facts = one.facts;
            fields.Put(facts.change).Put(facts.key).Put(facts.home).Put(facts.type).Put(facts.id);
            fields.Put(facts.version).Put(facts.updated);
            fields.Put(static_cast<std::int64_t>(facts.method)).Put(facts.body).Put(one.rows);
        }
        return Block(Kind::kVersions, fields);
    }
    core::Status Reserved(const std::vector<ImageId>& ids) override {
        Fields fields;
        for (const ImageId& id : ids) {
            fields.Put(id.type).Put(id.id).Put(id.home).Put(id.key);
        }
        return Block(Kind::kReserved, fields);
    }
    core::Status Values(const std::vector<ImageValue>& values) override {
        Fields fields;
        for (const ImageValue& one : values) {
            fields.Put(one.space).Put(one.key).Put(one.value);
        }
        return Block(Kind::kValues, fields);
    }
    core::Status End(const ImageFigures& figures) override {
        Fields fields;
        fields.Put(figures.position).Put(figures.versions).Put(figures.records);
        fields.Put(figures.reserved).Put(figures.texts).Put(figures.values);
        fields.Put(static_cast<std::int64_t>(figures.digest));
        KQ_TRY(Block(Kind::kEnd, fields));
        const bool closed = std::fflush(file_.get()) == 0;
        if (!closed) {
            return Unwritable(path_);
        }
        KQ_TRY(SyncFile(Partial()));
        file_.reset();
        std::error_code failed;
        std::filesystem::rename(Partial(), path_, failed);
        if (failed) {
            return core::MakeError(core::ErrorCode::kFileUnwritable, path_, failed.message());
        }
        const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
        return SyncFolder(folder.empty() ? "." : folder.string());
    }

private:
    std::string Partial() const { return path_ + ".partial"; }

    core::Status Append(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
            return Unwritable(path_);
        }
        return {};
    }

    core::Status Block(Kind kind, const Fields& fields) {
        std::string packed(ZSTD_compressBound(fields.bytes.size()), '\0');
        const std::size_t size = ZSTD_compress(
            packed.data(), packed.size(), fields.bytes.data(), fields.bytes.size(), kLevel
        );
        if (ZSTD_isError(size) != 0 || size > kMaxBlockBytes) {
            return core::MakeError(core::ErrorCode::kInternal, "backup block");
        }
        packed.resize(size);
        const std::string head = HeadOf(kind, size);
        digest_ = PresenceFilter::HashOf(packed, PresenceFilter::HashOf(head, digest_));
        KQ_TRY(Append(head));
        KQ_TRY(Append(DigestBytes(digest_)));
        return Append(packed);
    }

    std::string path_;
    File file_;
    std::uint64_t digest_ = 0;
};

class ReadingFile {
public:
    ReadingFile(std::string path, const RestorePoint& point, ImageSink& sink)
        : path_(std::move(path)), point_(point), sink_(sink) {}

    core::Result<ImageFigures> Run() {
        file_.reset(std::fopen(path_.c_str(), "rbe"));
        if (!file_) {
            return core::MakeError(
                core::ErrorCode::kFileUnreadable, path_, std::generic_category().message(errno)
            );
        }
        std::string magic(kMagic.size(), '\0');
        if (!Read(magic) || magic != kMagic) {
            return Invalid("not a backup");
        }
        for (bool ended = false; !ended;) {
            KQ_TRY(Block(ended));
        }
        return count_.figures;
    }

private:
    core::Error Invalid(const std::string& why) const {
        return core::MakeError(core::ErrorCode::kBackupInvalid, path_, why);
    }
    bool Read(std::string& bytes) {
        return std::fread(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
    }

    core::Status Block(bool& ended) {
        std::string head(5, '\0');
        std::string digest(8, '\0');
        if (!Read(head) || !Read(digest)) {
            return Invalid("the end is missing");
        }
        std::size_t size = 0;
        for (unsigned i = 0; i < 4; ++i) {
            size |= static_cast<std::size_t>(static_cast<unsigned char>(head[1 + i])) << (8U * i);
        }
        if (size > kMaxBlockBytes) {
            return Invalid("block length");
        }
        std::string packed(size, '\0');
        if (!Read(packed)) {
            return Invalid("the end is missing");
        }
        digest_ = PresenceFilter::HashOf(packed, PresenceFilter::HashOf(head, digest_));
        const unsigned long long whole = ZSTD_getFrameContentSize(packed.data(), packed.size());
        if (DigestBytes(digest_) != digest || whole > 4 * kMaxBlockBytes) {
            return Invalid("digest of a block");
        }
        std::string content(static_cast<std::size_t>(whole), '\0');
        const std::size_t got =
            ZSTD_decompress(content.data(), content.size(), packed.data(), packed.size());
        if (ZSTD_isError(got) != 0 || got != content.size()) {
            return Invalid("content of a block");
        }
        const auto kind = static_cast<Kind>(head[0]);
        ended = kind == Kind::kEnd;
        Taking fields(content);
        core::Status taken = Take(kind, fields);
        if (taken.ok() && !fields.whole()) {
            return Invalid("fields of a block");
        }
        return taken;
    }

    core::Status Take(Kind kind, Taking& fields) {
        switch (kind) {
            case Kind::kTables:
                return Tables(fields);
            case Kind::kTexts:
                return Texts(fields);
            case Kind::kVersions:
                return Versions(fields);
            case Kind::kReserved:
                return Reserved(fields);
            case Kind::kValues:
                return Values(fields);
            case Kind::kEnd:
                return End(fields);
        }
        return Invalid("kind of a block");
    }

    core::Status Tables(Taking& fields) {
        std::vector<ImageTable> tables;
        while (fields.more()) {
            ImageTable& table = tables.emplace_back();
            table.number = fields.Number();
            table.name = fields.Text();
            table.columns = fields.Text();
            table.lacks_upto = fields.Number();
        }
        return sink_.Tables(tables);
    }

    core::Status Texts(Taking& fields) {
        std::vector<std::pair<std::int64_t, std::string>> texts;
        while (fields.more()) {
            const std::int64_t number = fields.Number();
            texts.emplace_back(number, fields.Text());
        }
        count_.figures.texts += static_cast<std::int64_t>(texts.size());
        return sink_.Texts(texts);
    }

    core::Status Versions(Taking& fields) {
        std::vector<ImageVersion> versions;
        while (fields.more()) {
            ImageVersion one;
            Version& facts = one.facts;
            facts.change = fields.Number();
            facts.key = fields.Number();
            facts.home = fields.Number();
            facts.type = fields.Text();
            facts.id = fields.Text();
            facts.version = fields.Number();
            facts.updated = fields.Number();
            const std::int64_t method = fields.Number();
            facts.body = fields.Text();
            one.rows = fields.Text();
            if (!fields.whole() || method < 1 || method > 3) {
                return Invalid("a version");
            }
            facts.method = static_cast<Method>(method);
            cut_ = cut_ || (point_.upto > 0 && facts.change > point_.upto) ||
                   (point_.at > 0 && facts.updated > point_.at);
            if (!cut_) {
                count_.Add(facts);
                versions.push_back(std::move(one));
            } else if (facts.version == 1) {
                // What was kept may refer to it, so its key is not given to another record.
                cut_off_.push_back({facts.type, facts.id, facts.home, facts.key});
            }
        }
        return versions.empty() ? core::Status() : sink_.Versions(versions);
    }

    core::Status Reserved(Taking& fields) {
        std::vector<ImageId> ids = std::move(cut_off_);
        while (fields.more()) {
            ImageId& id = ids.emplace_back();
            id.type = fields.Text();
            id.id = fields.Text();
            id.home = fields.Number();
            id.key = fields.Number();
        }
        count_.figures.reserved += static_cast<std::int64_t>(ids.size());
        return sink_.Reserved(ids);
    }

    core::Status Values(Taking& fields) {
        std::vector<ImageValue> values;
        while (fields.more()) {
            ImageValue& one = values.emplace_back();
            one.space = fields.Text();
            one.key = fields.Text();
            one.value = fields.Text();
        }
        count_.figures.values += static_cast<std::int64_t>(values.size());
        return sink_.Values(values);
    }

    core::Status End(Taking& fields) {
        ImageFigures said;
        said.position = fields.Number();
        said.versions = fields.Number();
        said.records = fields.Number();
        said.reserved = fields.Number();
        said.texts = fields.Number();
        said.values = fields.Number();
        said.digest = static_cast<std::uint64_t>(fields.Number());
        if (!cut_ && said != count_.figures) {
            return Invalid("it holds other than it says");
        }
        return sink_.End(count_.figures);
    }

    std::string path_;
    RestorePoint point_;
    ImageSink& sink_;
    File file_;
    std::uint64_t digest_ = 0;
    bool cut_ = false;
    std::vector<ImageId> cut_off_;
    ImageCount count_;
};

}  // namespace

core::Result<std::unique_ptr<ImageSink>> WriteBackup(const std::string& file) {
    auto writing = std::make_unique<WritingFile>(file);
    KQ_TRY(writing->Open());
    return std::unique_ptr<ImageSink>(std::move(writing));
}

core::Result<ImageFigures>
ReadBackup(const std::string& file, const RestorePoint& point, ImageSink& sink) {
    return ReadingFile(file, point, sink).Run();
}

}  // namespace kangqu::store
