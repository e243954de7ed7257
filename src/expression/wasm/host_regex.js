// What src/regular_expression_host.cpp calls. Texts that are answered are made with malloc and end
// with a nul; whoever asked frees them.
mergeInto(LibraryManager.library, {
  $kqRoomFor: function (text) {
    const size = lengthBytesUTF8(text) + 1;
    const room = _malloc(size);
    stringToUTF8(text, room, size);
    return room;
  },
  kq_regex_check: function (pattern) {
    try {
      new RegExp(UTF8ToString(pattern), 'su');
      return 1;
    } catch (e) {
      return 0;
    }
  },
  kq_regex_test: function (pattern, text, whole) {
    const source = UTF8ToString(pattern);
    return new RegExp(whole ? '^(?:' + source + ')$' : source, 'su').test(UTF8ToString(text)) ? 1 : 0;
  },
  // 0 when the replacement names a group that there is not.
  kq_regex_replace__deps: ['$kqRoomFor'],
  kq_regex_replace: function (pattern, text, replacement) {
    let bad = false;
    const expand = UTF8ToString(replacement);
    const replaced = function () {
      const found = Array.from(arguments);
      const last = found[found.length - 1];
      const named = typeof last === 'object' ? last : undefined;
      const count = found.length - (named ? 3 : 2);
      return expand.replace(/\\(.)|\$\{([^}]*)\}|\$(\d+)|\$/gs, function (all, escaped, name, number) {
        if (escaped !== undefined) return escaped;
        let digits = number === undefined ? '' : number;
        let rest = '';
        while (digits.length > 1 && Number(digits) >= count) {
          rest = digits[digits.length - 1] + rest;
          digits = digits.slice(0, -1);
        }
        const known = name !== undefined ? named && name in named : digits !== '' && Number(digits) < count;
        if (!known) {
          bad = true;
          return '';
        }
        const value = name !== undefined ? named[name] : found[Number(digits)];
        return (value === undefined ? '' : value) + rest;
      });
    };
    const out = UTF8ToString(text).replace(new RegExp(UTF8ToString(pattern), 'gsu'), replaced);
    return bad ? 0 : kqRoomFor(out);
  },
  // The parts between the matches, each behind its size in bytes and a colon.
  kq_regex_split__deps: ['$kqRoomFor'],
  kq_regex_split: function (pattern, text) {
    const whole = UTF8ToString(text);
    let from = 0;
    let out = '';
    const add = function (part) {
      out += lengthBytesUTF8(part) + ':' + part;
    };
    for (const found of whole.matchAll(new RegExp(UTF8ToString(pattern), 'gsu'))) {
      add(whole.slice(from, found.index));
      from = found.index + found[0].length;
    }
    add(whole.slice(from));
    return kqRoomFor(out);
  },
});
