/**
 * Unicode properties for `\p{...}` as PCRE2 10.42 knows them (Unicode 14), reduced to the 256 characters that a byte can be
 * without UTF. Names are in PCRE2's loose form: lower case, without blanks, hyphens and underscores.
 */

/** `script`: also allowed after `sc:` and `scx:`. `category`: PCRE2 can prove it disjoint from a character. */
export type PropertyKind = 'script' | 'category' | 'other';

/** What a property name stands for: pairs of two-digit hexadecimal numbers, first and last byte of each range. */
export interface Property {
  readonly kind: PropertyKind;
  readonly ranges: string;
}

// Kind, ranges, names.
const rows: readonly (readonly [PropertyKind, string, string])[] = [
  ['category', '', 'cn co cs lm lt m mc me mn nl zl zp'],
  ['category', '001f7f9f', 'cc'],
  ['category', '001f7f9fadad', 'c'],
  ['category', '090d20208585a0a0', 'xps xsp'],
  ['category', '2020a0a0', 'z zs'],
  ['category', '212325272a2a2c2c2e2f3a3b3f405c5ca1a1a7a7b6b7bfbf', 'po'],
  ['category', '2123252a2c2f3a3b3f405b5d5f5f7b7b7d7da1a1a7a7ababb6b7bbbbbfbf', 'p'],
  ['category', '24242b2b3c3e5e5e60607c7c7e7ea2a6a8a9acacaeb1b4b4b8b8d7d7f7f7', 's'],
  ['category', '2424a2a5', 'sc'],
  ['category', '28285b5b7b7b', 'ps'],
  ['category', '29295d5d7d7d', 'pe'],
  ['category', '2b2b3c3e7c7c7e7eacacb1b1d7d7f7f7', 'sm'],
  ['category', '2d2d', 'pd'],
  ['category', '3039', 'nd'],
  ['category', '3039415a5f5f617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff', 'xwd'],
  ['category', '3039415a617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff', 'xan'],
  ['category', '3039b2b3b9b9bcbe', 'n'],
  ['category', '415a617aaaaab5b5babac0d6d8f6f8ff', 'l'],
  ['category', '415a617ab5b5c0d6d8f6f8ff', 'l& lc'],
  ['category', '415ac0d6d8de', 'lu'],
  ['category', '5e5e6060a8a8afafb4b4b8b8', 'sk'],
  ['category', '5f5f', 'pc'],
  ['category', '617ab5b5dff6f8ff', 'll'],
  ['category', 'a6a6a9a9aeaeb0b0', 'so'],
  ['category', 'aaaababa', 'lo'],
  ['category', 'abab', 'pi'],
  ['category', 'adad', 'cf'],
  ['category', 'b2b3b9b9bcbe', 'no'],
  ['category', 'bbbb', 'pf'],
  [
    'other',
    '',
    'bidial bidian bidic bidicontrol bidifsi bidilre bidilri bidilro bidinsm bidipdf bidipdi bidir bidirle bidirli bidirlo dep deprecated ebase emod emojimodifier emojimodifierbase emojipresentation epres graphemeextend graphemelink grext grlink ideo ideographic idsb idsbinaryoperator idst idstrinaryoperator joinc joincontrol loe logicalorderexception nchar noncharactercodepoint pcm prependedconcatenationmark radical regionalindicator ri uideo unifiedideograph variationselector vs',
  ],
  ['other', '00080e1b7f84869fadad', 'bidibn'],
  ['other', '007f', 'ascii'],
  ['other', '00ff', 'any'],
  ['other', '09090b0b1f1f', 'bidis'],
  ['other', '090d20208585', 'patternwhitespace patws'],
  ['other', '090d20208585a0a0', 'space whitespace wspace'],
  ['other', '0a0a0d0d1c1e8585', 'bidib'],
  ['other', '0c0c2020', 'bidiws'],
  ['other', '207ea0acaeff', 'graphemebase grbase'],
  ['other', '21212c2c2e2e3a3b3f3f', 'term terminalpunctuation'],
  ['other', '21212e2e3f3f', 'sentenceterminal sterm'],
  ['other', '2122262a3b405b607b7ea1a1a6a9abacaeafb4b4b6b8bbbfd7d7f7f7', 'bidion'],
  ['other', '212f3a405b5e60607b7ea1a7a9a9abacaeaeb0b1b6b6bbbbbfbfd7d7f7f7', 'patsyn patternsyntax'],
  ['other', '22222727ababbbbb', 'qmark quotationmark'],
  ['other', '23232a2a3039', 'ecomp emojicomponent'],
  ['other', '23232a2a3039a9a9aeae', 'emoji'],
  ['other', '2325a2a5b0b1', 'bidiet'],
  ['other', '242440406060a0ff', 'xuc'],
  ['other', '27272e2e3a3a5e5e6060a8a8adadafafb4b4b7b8', 'caseignorable ci'],
  ['other', '28293c3c3e3e5b5b5d5d7b7b7d7dababbbbb', 'bidim bidimirrored'],
  ['other', '2b2b2d2d', 'bidies'],
  ['other', '2b2b3c3e5e5e7c7c7e7eacacb1b1d7d7f7f7', 'math'],
  ['other', '2c2c2e2f3a3aa0a0', 'bidics'],
  ['other', '2d2d', 'dash'],
  ['other', '303941466166', 'ahex asciihexdigit hex hexdigit'],
  ['other', '3039415a5f5f617aaaaab5b5b7b7babac0d6d8f6f8ff', 'idc idcontinue xidc xidcontinue'],
  ['other', '3039b2b3b9b9', 'bidien'],
  ['other', '415a617aaaaab5b5babac0d6d8f6f8ff', 'alpha alphabetic bidil cased ids idstart xids xidstart'],
  ['other', '415a617ab5b5c0d6d8f6f8ff', 'changeswhencasemapped cwcm'],
  ['other', '415ab5b5c0d6d8df', 'changeswhencasefolded cwcf'],
  ['other', '415ac0d6d8de', 'changeswhenlowercased cwl upper uppercase'],
  ['other', '5e5e6060a8a8afafb4b4b7b8', 'dia diacritic'],
  ['other', '617aaaaab5b5babadff6f8ff', 'lower lowercase'],
  ['other', '617ab5b5dff6f8ff', 'changeswhentitlecased changeswhenuppercased cwt cwu'],
  ['other', '696a', 'sd softdotted'],
  ['other', 'a9a9aeae', 'extendedpictographic extpict'],
  ['other', 'adad', 'defaultignorablecodepoint di'],
  ['other', 'b7b7', 'ext extender'],
  [
    'script',
    '',
    'adlam adlm aghb ahom anatolianhieroglyphs arab arabic armenian armi armn avestan avst bali balinese bamu bamum bass bassavah batak batk beng bengali bhaiksuki bhks bopo bopomofo brah brahmi brai braille bugi buginese buhd buhid cakm canadianaboriginal cans cari carian caucasianalbanian chakma cham cher cherokee chorasmian chrs copt coptic cpmn cprt cuneiform cypriot cyprominoan cyrillic cyrl deseret deva devanagari diak divesakuru dogr dogra dsrt dupl duployan egyp egyptianhieroglyphs elba elbasan elym elymaic ethi ethiopic geor georgian glag glagolitic gong gonm goth gothic gran grantha greek grek gujarati gujr gunjalagondi gurmukhi guru han hang hangul hani hanifirohingya hano hanunoo hatr hatran hebr hebrew hira hiragana hluw hmng hmnp hung imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian ital java javanese kaithi kali kana kannada katakana kayahli khar kharoshthi khitansmallscript khmer khmr khoj khojki khudawadi kits knda kthi lana lao laoo lepc lepcha limb limbu lina linb lineara linearb lisu lyci lycian lydi lydian mahajani mahj maka makasar malayalam mand mandaic mani manichaean marc marchen masaramgondi medefaidrin medf meeteimayek mend mendekikakui merc mero meroiticcursive meroitichieroglyphs miao mlym modi mong mongolian mro mroo mtei mult multani myanmar mymr nabataean nand nandinagari narb nbat newa newtailue nko nkoo nshu nushu nyiakengpuachuehmong ogam ogham olchiki olck oldhungarian olditalic oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian oldturkic olduyghur oriya orkh orya osage osge osma osmanya ougr pahawhhmong palm palmyrene pauc paucinhau perm phag phagspa phli phlp phnx phoenician plrd prti psalterpahlavi qaac qaai rejang rjng rohg runic runr samaritan samr sarb saur saurashtra sgnw sharada shavian shaw shrd sidd siddham signwriting sind sinh sinhala sogd sogdian sogo sora sorasompeng soyo soyombo sund sundanese sylo sylotinagri syrc syriac tagalog tagb tagbanwa taile taitham taiviet takr takri tale talu tamil taml tang tangsa tangut tavt telu telugu tfng tglg thaa thaana thai tibetan tibt tifinagh tirh tirhuta tnsa toto ugar ugaritic unknown vai vaii vith vithkuqi wancho wara warangciti wcho xpeo xsux yezi yezidi yi yiii zanabazarsquare zanb zinh zzzz',
  ],
  ['script', '00405b607ba9abb9bbbfd7d7f7f7', 'common zyyy'],
  ['script', '415a617aaaaababac0d6d8f6f8ff', 'latin latn'],
];

let known: Map<string, Property> | undefined;

/** The property of that (loose) name, or undefined when PCRE2 refuses the name. */
export function propertyOf(name: string): Property | undefined {
  known ??= indexProperties();
  return known.get(name);
}

function indexProperties(): Map<string, Property> {
  const index = new Map<string, Property>();
  for (const [kind, ranges, names] of rows) {
    for (const name of names.split(' ')) index.set(name, { kind, ranges });
  }
  return index;
}
