#include "kangqu/app/load.hpp"

#include "kangqu/app/files.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/xml.hpp"

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace kangqu::app {

namespace {

using core::ErrorCode;
using core::MakeError;
using records::LoadAnswer;
using records::LoadLine;

// What one send carries at the most, and how many wait for a thread.
constexpr std::size_t kBatchLines = 1'024;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20U;
constexpr std::size_t kQueuedBatches = 8;
// Bytes of lines kept for their second try; beyond it they are refused at once.
constexpr std::size_t kDeferredBytes = std::size_t{512} << 20U;
// Text of a refused line kept in the refused file.
constexpr std::size_t kRefusedText = std::size_t{64} << 10U;

class RefusedFile {
public:
    explicit RefusedFile(std::string path) : path_(std::move(path)) {}
    ~RefusedFile() {
        if (file_ != nullptr) {
            std::fclose(file_);
        }
    }
    // What was added is in the file, or the error says that it is not.
    core::Status Close() {
        std::FILE* const file = std::exchange(file_, nullptr);
        if (file != nullptr && std::fclose(file) != 0) {
            return MakeError(
                ErrorCode::kFileUnwritable, path_, std::generic_category().message(errno)
            );
        }
        return {};
    }
    RefusedFile(const RefusedFile&) = delete;
    RefusedFile& operator=(const RefusedFile&) = delete;

    core::Status Add(const LoadLine& line, const core::Error& error) {
        if (file_ == nullptr) {
            file_ = std::fopen(path_.c_str(), "wbe");
        }
        std::string text;
        core::JsonWriter writer(text);
        writer.BeginObject().Field("source", line.source).Field("line", line.number);
        writer.Field("code", core::FactsOf(error.code).code).Field("where", error.where);
        writer.Field("reason", error.Text(core::Language::kZh));
        writer.Field("reasonEn", error.Text(core::Language::kEn));
        const std::string_view valid = std::string_view(line.text).substr(
            0, core::FindInvalidUtf8(line.text).value_or(line.text.size())
        );
        writer.Field("text", core::PrefixCodePoints(valid, kRefusedText)).EndObject();
        text += '\n';
        if (file_ == nullptr || std::fwrite(text.data(), 1, text.size(), file_) != text.size()) {
            return MakeError(
                ErrorCode::kFileUnwritable, path_, std::generic_category().message(errno)
            );
        }
        return {};
    }

private:
    std::string path_;
    std::FILE* file_ = nullptr;
};

}  // namespace

// Everything under one lock but the sends themselves.
class LoadPipeline::Work {
public:
    Work(const LoadOptions& options, const LoadSink& sink)
        : options_(options), sink_(sink), refused_(options.refused_file) {
        for (int i = 0; i < options_.threads; ++i) {
            threads_.emplace_back([this] { Send(); });
        }
    }

    ~Work() { Drain(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    core::Status Add(LoadLine line) {
        bytes_ += line.text.size();
        batch_.push_back(std::move(line));
        if (batch_.size() < kBatchLines && bytes_ < kBatchBytes) {
            return {};
        }
        bytes_ = 0;
        return Push(std::exchange(batch_, {}));
    }

    core::Status AddRefused(const LoadLine& line, const core::Error& error) {
        const std::lock_guard lock(mutex_);
        ++summary_.lines;
        return Refuse(line, error);
    }

    core::Result<LoadSummary> Finish() {
        core::Status status = batch_.empty() ? core::Status{} : Push(std::exchange(batch_, {}));
        Drain();
        if (status.ok() && !failure_) {
            status = SendDeferred();
        }
        if (core::Status closed = refused_.Close(); status.ok()) {
            status = std::move(closed);
        }
        if (failure_) {
            return std::move(*failure_);
        }
        if (!status.ok()) {
            return std::move(status).error();
        }
        return std::move(summary_);
    }

private:
    void Drain() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_all();
        for (std::thread& thread : threads_) {
            thread.join();
        }
        threads_.clear();
    }

    core::Status Push(std::vector<LoadLine> batch) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return queue_.size() < kQueuedBatches || failure_; });
        if (failure_) {
            return *failure_;
        }
        queue_.push_back(std::move(batch));
        lock.unlock();
        changed_.notify_all();
        return {};
    }

    void Send() {
        while (true) {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !queue_.empty() || closed_ || failure_; });
            if (failure_ || queue_.empty()) {
                return;
            }
            std::vector<LoadLine> batch = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            changed_.notify_all();
            auto answers = sink_(batch);
            lock.lock();
            core::Status taken =
                answers.ok() ? Take(batch, *answers, true) : std::move(answers).error();
            if (!taken.ok() && !failure_) {
                failure_ = std::move(taken).error();
                lock.unlock();
                changed_.notify_all();
                return;
            }
        }
    }

    // Books the answers of one batch. Under the lock.
    core::Status
    Take(std::vector<LoadLine>& batch, std::vector<LoadAnswer>& answers, bool may_defer) {
        if (answers.size() != batch.size()) {
            return MakeError(ErrorCode::kInternal, "an answer is missing");
        }
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto& refused = answers[i].refused;
            const bool unresolved = refused && refused->code == ErrorCode::kReferenceUnresolved;
            if (unresolved && may_defer &&
                deferred_bytes_ + batch[i].text.size() < kDeferredBytes) {
                deferred_bytes_ += batch[i].text.size();
                deferred_.push_back(std::move(batch[i]));
                continue;
            }
            ++summary_.lines;
            if (refused) {
                KQ_TRY(Refuse(batch[i], *refused));
            }
            for (const records::Receipt& receipt : answers[i].receipts) {
                ++summary_.resources;
                ++summary_.by_type[receipt.type][static_cast<std::size_t>(receipt.outcome)];
            }
        }
        if (options_.progress) {
            options_.progress(summary_.lines, summary_.resources);
        }
        return {};
    }

    core::Status Refuse(const LoadLine& line, const core::Error& error) {
        ++summary_.refused;
        return refused_.Add(line, error);
    }

    // One by one and in order: what they wait for may be among them.
    core::Status SendDeferred() {
        for (LoadLine& line : deferred_) {
            std::vector<LoadLine> batch;
            batch.push_back(std::move(line));
            KQ_ASSIGN(auto answers, sink_(batch));
            KQ_TRY(Take(batch, answers, false));
        }
        return {};
    }

    LoadOptions options_;
    LoadSink sink_;
    std::vector<LoadLine> batch_;
    std::size_t bytes_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::vector<LoadLine>> queue_;
    std::vector<std::thread> threads_;
    bool closed_ = false;
    std::optional<core::Error> failure_;
    LoadSummary summary_;
    RefusedFile refused_;
    std::deque<LoadLine> deferred_;
    std::size_t deferred_bytes_ = 0;
};

LoadPipeline::LoadPipeline(const LoadOptions& options, const LoadSink& sink)
    : work_(std::make_unique<Work>(options, sink)) {}

LoadPipeline::~LoadPipeline() = default;

core::Status LoadPipeline::Add(LoadLine line) {
    return work_->Add(std::move(line));
}

core::Status LoadPipeline::AddFile(const std::string& path) {
    if (path.find(".ndjson") == std::string::npos) {
        KQ_ASSIGN(std::string text, ReadWhole(path));
        if (!fhir::LooksLikeXml(text)) {
            return work_->Add({path, 1, std::move(text)});
        }
        auto json = fhir::JsonFromXml(text);
        return json.ok() ? work_->Add({path, 1, *std::move(json)})
                         : work_->AddRefused({path, 1, std::move(text)}, json.error());
    }
    KQ_ASSIGN(const auto file, InputFile::Open(path));
    return ForEachLine(*file, [&](std::int64_t number, std::string text, bool too_long) {
        LoadLine line{path, number, std::move(text)};
        if (!too_long) {
            return work_->Add(std::move(line));
        }
        const std::string limit = std::to_string(kMaxLineBytes) + " B";
        return work_->AddRefused(line, MakeError(ErrorCode::kTooLarge, "> " + limit, limit));
    });
}

core::Result<LoadSummary> LoadPipeline::Finish() {
    return work_->Finish();
}

}  // namespace kangqu::app
