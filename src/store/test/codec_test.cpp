#include "body_codec.hpp"
#include "id_code.hpp"
#include "row_code.hpp"
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kangqu::store {
namespace {

std::string BodyLike(int number) {
    return R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":)"
           R"("http://loinc.org","code":")" +
           std::to_string(number % 37) + R"("}]},"valueQuantity":{"value":)" +
           std::to_string(number * 7 % 1000) + R"(,"unit":"mmol/L"},"note":")" +
           std::to_string(number) + R"("})";
}

TEST(BodyCodec, RoundTripsAnyBytes) {
    const BodyCodec codec;
    EXPECT_TRUE(rc::check([&](const std::string& body) {
        std::string packed;
        RC_ASSERT(codec.Pack(body, packed).ok());
        RC_ASSERT(codec.Unpack(packed).value() == body);
    }));
}

TEST(BodyCodec, OldBodiesStayReadableWhenADictionaryComes) {
    BodyCodec codec;
    std::string before;
    ASSERT_TRUE(codec.Pack(BodyLike(1), before).ok());
    std::vector<std::string> samples;
    for (int i = 0; i < 2000; ++i) {
        samples.push_back(BodyLike(i));
    }
    const std::string dictionary = BodyCodec::Train(samples);
    ASSERT_FALSE(dictionary.empty());
    ASSERT_TRUE(codec.AddDictionary(1, dictionary).ok());
    EXPECT_EQ(codec.newest_dictionary(), 1);
    std::string after;
    ASSERT_TRUE(codec.Pack(BodyLike(1), after).ok());
    EXPECT_LT(after.size() * 2, before.size());
    EXPECT_EQ(codec.Unpack(before).value(), BodyLike(1));
    EXPECT_EQ(codec.Unpack(after).value(), BodyLike(1));
    const BodyCodec without;
    EXPECT_EQ(without.Unpack(after).error().code, core::ErrorCode::kStoreCorrupt);
}

TEST(BodyCodec, TooFewSamplesGiveNoDictionary) {
    EXPECT_TRUE(BodyCodec::Train({"a", "b"}).empty());
    EXPECT_TRUE(BodyCodec::Train({}).empty());
}

TEST(BodyCodec, NoticesEveryChangedByte) {
    const BodyCodec codec;
    std::string packed;
    ASSERT_TRUE(codec.Pack(BodyLike(5), packed).ok());
    for (std::size_t i = 0; i < packed.size(); ++i) {
        for (const char flip : {'\x01', '\x40', '\x7F'}) {
            std::string damaged = packed;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            const auto body = codec.Unpack(damaged);
            EXPECT_TRUE(!body.ok() || body.value() == BodyLike(5)) << i;
        }
        EXPECT_FALSE(codec.Unpack(packed.substr(0, i)).ok()) << i;
    }
}

TEST(BodyCodec, RefusesKeysItDoesNotHave) {
    const BodyCodec codec;
    std::string packed;
    ASSERT_TRUE(codec.Pack("x", packed).ok());
    packed[2] = '\x01';
    EXPECT_EQ(codec.Unpack(packed).error().code, core::ErrorCode::kStoreCorrupt);
}

TEST(IdCode, PacksUuidsAndNothingElse) {
    const std::string uuid = "0190163d-8694-739b-aea5-966c26f8ad91";
    const auto packed = PackUuid(uuid);
    ASSERT_TRUE(packed.has_value());
    EXPECT_EQ(UnpackId(std::string_view(packed->data(), packed->size()), true), uuid);
    for (const std::string_view other :
         {"",
          "a",
          "0190163D-8694-739b-aea5-966c26f8ad91",
          "0190163d-8694-739b-aea5-966c26f8ad9",
          "0190163d08694-739b-aea5-966c26f8ad91",
          "0190163d-8694-739b-aea5-966c26f8ad9g"}) {
        EXPECT_FALSE(PackUuid(other).has_value()) << other;
        EXPECT_EQ(UnpackId(other, false), other);
    }
}

template <class T>
void ExpectOrder(T left, T right, std::string left_bytes, std::string right_bytes) {
    EXPECT_EQ(left < right, left_bytes < right_bytes) << left << " " << right;
}

TEST(RowCode, IntegersKeepTheirOrder) {
    std::vector<std::int64_t> values = {0, 1, -1, 95, 96, -95, -96, -97, 255, 256, 65'535, 65'536};
    values.push_back(std::numeric_limits<std::int64_t>::max());
    values.push_back(std::numeric_limits<std::int64_t>::min());
    for (unsigned bits = 1; bits < 63; ++bits) {
        values.push_back(std::int64_t{1} << bits);
        values.push_back(-(std::int64_t{1} << bits));
    }
    for (const std::int64_t left : values) {
        std::string bytes;
        AppendInteger(left, bytes);
        for (const std::int64_t right : values) {
            std::string other;
            AppendInteger(right, other);
            ExpectOrder(left, right, bytes, other);
        }
        std::string_view rest = bytes;
        EXPECT_EQ(TakeInteger(rest), left);
        EXPECT_TRUE(rest.empty());
    }
}

TEST(RowCode, RealsAndTextsKeepTheirOrder) {
    EXPECT_TRUE(rc::check([](double left, double right) {
        std::string a;
        std::string b;
        AppendReal(left, a);
        AppendReal(right, b);
        RC_ASSERT((left < right) == (a < b));
        std::string_view rest = a;
        RC_ASSERT(TakeReal(rest) == left);
    }));
    EXPECT_TRUE(rc::check([](const std::string& left, const std::string& right) {
        std::string a;
        std::string b;
        AppendText(left, a);
        AppendText(right, b);
        RC_ASSERT((left < right) == (a < b));
        std::string_view rest = a;
        std::string text;
        RC_ASSERT(TakeText(rest, text));
        RC_ASSERT(text == left);
        RC_ASSERT(rest.empty());
    }));
}

TEST(RowCode, ListsRoundTrip) {
    EXPECT_TRUE(rc::check([](std::vector<std::string> rows) {
        std::sort(rows.begin(), rows.end());
        RC_ASSERT(UnpackRows(PackRows(rows)).value() == rows);
    }));
    EXPECT_FALSE(UnpackRows("\x05").ok());
    EXPECT_FALSE(UnpackRows(std::string("\x00\x05x", 3)).ok());
    EXPECT_FALSE(UnpackRows(std::string("\x02\x00", 2)).ok());
}

TEST(RowCode, DamagedBytesAreNothing) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        std::string_view integer = bytes;
        (void)TakeInteger(integer);
        std::string_view real = bytes;
        RC_ASSERT(TakeReal(real).has_value() == (bytes.size() >= 8));
        std::string_view text = bytes;
        std::string out;
        (void)TakeText(text, out);
        (void)UnpackRows(bytes);
    }));
    std::string nan;
    IndexTable table{"t", {{"a", IndexColumn::Type::kReal}}, {}};
    EXPECT_FALSE(AppendRow(table, 1, {0, {std::nan("")}}, nan).ok());
}

}  // namespace
}  // namespace kangqu::store
