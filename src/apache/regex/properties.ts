/**
 * Unicode properties for `\p{...}` as PCRE2 10.42 knows them (Unicode 14), reduced to the 256 characters that a byte can be
 * without UTF. Names are in PCRE2's loose form: lower case, without blanks, hyphens and underscores.
 */

/** Sorts of properties that PCRE2 can compare with each other; `script` names are also allowed after `sc:` and `scx:`. */
export type PropertyFamily =
  'general' | 'particular' | 'cased' | 'alphanumeric' | 'space' | 'word' | 'script' | 'nameable' | 'other';

/** What a property name stands for. `ranges`: pairs of two-digit hexadecimal numbers, first and last byte of each range. */
export interface Property {
  readonly family: PropertyFamily;
  /** The first of its names. */
  readonly name: string;
  readonly ranges: string;
}

// Family, ranges, names; names of one property are joined by "=".
const rows: readonly (readonly [PropertyFamily, string, string])[] = [
  ['alphanumeric', '3039415a617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff', 'xan'],
  ['cased', '415a617ab5b5c0d6d8f6f8ff', 'l&=lc'],
  ['general', '', 'm'],
  ['general', '001f7f9fadad', 'c'],
  ['general', '2020a0a0', 'z'],
  ['general', '2123252a2c2f3a3b3f405b5d5f5f7b7b7d7da1a1a7a7ababb6b7bbbbbfbf', 'p'],
  ['general', '24242b2b3c3e5e5e60607c7c7e7ea2a6a8a9acacaeb1b4b4b8b8d7d7f7f7', 's'],
  ['general', '3039b2b3b9b9bcbe', 'n'],
  ['general', '415a617aaaaab5b5babac0d6d8f6f8ff', 'l'],
  ['nameable', '242440406060a0ff', 'xuc'],
  [
    'other',
    '',
    'bidial bidian bidic=bidicontrol bidifsi bidilre bidilri bidilro bidinsm bidipdf bidipdi bidir bidirle bidirli bidirlo dep=deprecated ebase=emojimodifierbase emod=emojimodifier emojipresentation=epres graphemeextend=grext graphemelink=grlink ideo=ideographic idsb=idsbinaryoperator idst=idstrinaryoperator joinc=joincontrol loe=logicalorderexception nchar=noncharactercodepoint pcm=prependedconcatenationmark radical regionalindicator=ri uideo=unifiedideograph variationselector=vs',
  ],
  ['other', '00080e1b7f84869fadad', 'bidibn'],
  ['other', '007f', 'ascii'],
  ['other', '00ff', 'any'],
  ['other', '09090b0b1f1f', 'bidis'],
  ['other', '090d20208585', 'patternwhitespace=patws'],
  ['other', '090d20208585a0a0', 'space=whitespace=wspace'],
  ['other', '0a0a0d0d1c1e8585', 'bidib'],
  ['other', '0c0c2020', 'bidiws'],
  ['other', '207ea0acaeff', 'graphemebase=grbase'],
  ['other', '21212c2c2e2e3a3b3f3f', 'term=terminalpunctuation'],
  ['other', '21212e2e3f3f', 'sentenceterminal=sterm'],
  ['other', '2122262a3b405b607b7ea1a1a6a9abacaeafb4b4b6b8bbbfd7d7f7f7', 'bidion'],
  ['other', '212f3a405b5e60607b7ea1a7a9a9abacaeaeb0b1b6b6bbbbbfbfd7d7f7f7', 'patsyn=patternsyntax'],
  ['other', '22222727ababbbbb', 'qmark=quotationmark'],
  ['other', '23232a2a3039', 'ecomp=emojicomponent'],
  ['other', '23232a2a3039a9a9aeae', 'emoji'],
  ['other', '2325a2a5b0b1', 'bidiet'],
  ['other', '27272e2e3a3a5e5e6060a8a8adadafafb4b4b7b8', 'caseignorable=ci'],
  ['other', '28293c3c3e3e5b5b5d5d7b7b7d7dababbbbb', 'bidim=bidimirrored'],
  ['other', '2b2b2d2d', 'bidies'],
  ['other', '2b2b3c3e5e5e7c7c7e7eacacb1b1d7d7f7f7', 'math'],
  ['other', '2c2c2e2f3a3aa0a0', 'bidics'],
  ['other', '2d2d', 'dash'],
  ['other', '303941466166', 'ahex=asciihexdigit hex=hexdigit'],
  ['other', '3039415a5f5f617aaaaab5b5b7b7babac0d6d8f6f8ff', 'idc=idcontinue xidc=xidcontinue'],
  ['other', '3039b2b3b9b9', 'bidien'],
  ['other', '415a617aaaaab5b5babac0d6d8f6f8ff', 'alpha=alphabetic bidil cased ids=idstart xids=xidstart'],
  ['other', '415a617ab5b5c0d6d8f6f8ff', 'changeswhencasemapped=cwcm'],
  ['other', '415ab5b5c0d6d8df', 'changeswhencasefolded=cwcf'],
  ['other', '415ac0d6d8de', 'changeswhenlowercased=cwl upper=uppercase'],
  ['other', '5e5e6060a8a8afafb4b4b7b8', 'dia=diacritic'],
  ['other', '617aaaaab5b5babadff6f8ff', 'lower=lowercase'],
  ['other', '617ab5b5dff6f8ff', 'changeswhentitlecased=cwt changeswhenuppercased=cwu'],
  ['other', '696a', 'sd=softdotted'],
  ['other', 'a9a9aeae', 'extendedpictographic=extpict'],
  ['other', 'adad', 'defaultignorablecodepoint=di'],
  ['other', 'b7b7', 'ext=extender'],
  ['particular', '', 'cn co cs lm lt mc me mn nl zl zp'],
  ['particular', '001f7f9f', 'cc'],
  ['particular', '2020a0a0', 'zs'],
  ['particular', '212325272a2a2c2c2e2f3a3b3f405c5ca1a1a7a7b6b7bfbf', 'po'],
  ['particular', '2424a2a5', 'sc'],
  ['particular', '28285b5b7b7b', 'ps'],
  ['particular', '29295d5d7d7d', 'pe'],
  ['particular', '2b2b3c3e7c7c7e7eacacb1b1d7d7f7f7', 'sm'],
  ['particular', '2d2d', 'pd'],
  ['particular', '3039', 'nd'],
  ['particular', '415ac0d6d8de', 'lu'],
  ['particular', '5e5e6060a8a8afafb4b4b8b8', 'sk'],
  ['particular', '5f5f', 'pc'],
  ['particular', '617ab5b5dff6f8ff', 'll'],
  ['particular', 'a6a6a9a9aeaeb0b0', 'so'],
  ['particular', 'aaaababa', 'lo'],
  ['particular', 'abab', 'pi'],
  ['particular', 'adad', 'cf'],
  ['particular', 'b2b3b9b9bcbe', 'no'],
  ['particular', 'bbbb', 'pf'],
  [
    'script',
    '',
    'adlam=adlm aghb=caucasianalbanian ahom anatolianhieroglyphs=hluw arab=arabic armenian=armn armi=imperialaramaic avestan=avst bali=balinese bamu=bamum bass=bassavah batak=batk beng=bengali bhaiksuki=bhks bopo=bopomofo brah=brahmi brai=braille bugi=buginese buhd=buhid cakm=chakma canadianaboriginal=cans cari=carian cham cher=cherokee chorasmian=chrs copt=coptic=qaac cpmn=cyprominoan cprt=cypriot cuneiform=xsux cyrillic=cyrl deseret=dsrt deva=devanagari diak=divesakuru dogr=dogra dupl=duployan egyp=egyptianhieroglyphs elba=elbasan elym=elymaic ethi=ethiopic geor=georgian glag=glagolitic gong=gunjalagondi gonm=masaramgondi goth=gothic gran=grantha greek=grek gujarati=gujr gurmukhi=guru han=hani hang=hangul hanifirohingya=rohg hano=hanunoo hatr=hatran hebr=hebrew hira=hiragana hmng=pahawhhmong hmnp=nyiakengpuachuehmong hung=oldhungarian inherited=qaai=zinh inscriptionalpahlavi=phli inscriptionalparthian=prti ital=olditalic java=javanese kaithi=kthi kali=kayahli kana=katakana kannada=knda khar=kharoshthi khitansmallscript=kits khmer=khmr khoj=khojki khudawadi=sind lana=taitham lao=laoo lepc=lepcha limb=limbu lina=lineara linb=linearb lisu lyci=lycian lydi=lydian mahajani=mahj maka=makasar malayalam=mlym mand=mandaic mani=manichaean marc=marchen medefaidrin=medf meeteimayek=mtei mend=mendekikakui merc=meroiticcursive mero=meroitichieroglyphs miao=plrd modi mong=mongolian mro=mroo mult=multani myanmar=mymr nabataean=nbat nand=nandinagari narb=oldnortharabian newa newtailue=talu nko=nkoo nshu=nushu ogam=ogham olchiki=olck oldpermic=perm oldpersian=xpeo oldsogdian=sogo oldsoutharabian=sarb oldturkic=orkh olduyghur=ougr oriya=orya osage=osge osma=osmanya palm=palmyrene pauc=paucinhau phag=phagspa phlp=psalterpahlavi phnx=phoenician rejang=rjng runic=runr samaritan=samr saur=saurashtra sgnw=signwriting sharada=shrd shavian=shaw sidd=siddham sinh=sinhala sogd=sogdian sora=sorasompeng soyo=soyombo sund=sundanese sylo=sylotinagri syrc=syriac tagalog=tglg tagb=tagbanwa taile=tale taiviet=tavt takr=takri tamil=taml tang=tangut tangsa=tnsa telu=telugu tfng=tifinagh thaa=thaana thai tibetan=tibt tirh=tirhuta toto ugar=ugaritic unknown=zzzz vai=vaii vith=vithkuqi wancho=wcho wara=warangciti yezi=yezidi yi=yiii zanabazarsquare=zanb',
  ],
  ['script', '00405b607ba9abb9bbbfd7d7f7f7', 'common=zyyy'],
  ['script', '415a617aaaaababac0d6d8f6f8ff', 'latin=latn'],
  ['space', '090d20208585a0a0', 'xps xsp'],
  ['word', '3039415a5f5f617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff', 'xwd'],
];

let known: Map<string, Property> | undefined;

/** The property of that (loose) name, or undefined when PCRE2 refuses the name. Synonyms give the same object. */
export function propertyOf(name: string): Property | undefined {
  known ??= indexProperties();
  return known.get(name);
}

function indexProperties(): Map<string, Property> {
  const index = new Map<string, Property>();
  for (const [family, ranges, groups] of rows) {
    for (const group of groups.split(' ')) {
      const names = group.split('=');
      const property: Property = { family, name: names[0]!, ranges };
      for (const name of names) index.set(name, property);
    }
  }
  return index;
}

/** The table's name for a loose property name, with `sc:`, `scx:` and `bc:` resolved; undefined for an unknown one. */
export function propertyName(name: string): string | undefined {
  const split = name.search(/[:=]/);
  if (split < 0) return propertyOf(name) === undefined ? undefined : name;
  const family = name.slice(0, split);
  const value = name.slice(split + 1);
  if (family === 'bidiclass' || family === 'bc') {
    return propertyOf(`bidi${value}`) === undefined ? undefined : `bidi${value}`;
  }
  const isScript = ['script', 'sc', 'scriptextensions', 'scx'].includes(family);
  return isScript && propertyOf(value)?.family === 'script' ? value : undefined;
}
