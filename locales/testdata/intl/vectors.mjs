// Writes what Intl of this Node says about dates, numbers, lists, plurals and
// names, as vectors for the tests of package locales:
//
//	node vectors.mjs > vectors.json
const locales = `sq hy az ba be bs bg ce fa-AF en en-GB ka hu kk ky mk sr-ME sr-Latn-ME sr-Cyrl-ME ps fa ro ru sr sr-Latn tg tt
tk uk uz uz-Cyrl es es-MX ca de de-AT de-CH fr it pt pt-PT nl pl cs sk el ar he hi ur ja zh-Hans zh-Hant th my am da sv tr ko
hr sl lt lv et fi fa-u-ca-gregory-nu-latn`.split(/\s+/);
const days = ["1990-01-01", "2020-03-20", "2020-09-25", "2024-02-29", "2026-11-07"];
const times = ["00:05", "09:30", "12:00", "23:59"];
const numbers = ["0", "7", "-42", "999", "1234", "12345", "1234567", "1234567.5", "0.25", "12345678901234"];
const ratios = [0, 0.05, 0.27, 0.275, 1, 12.34];
const plurals = [...Array(131).keys(), 200, 201, 211, 1000, 1001, 10000, 100000, 1000000, 1000001, 2000000].map(String)
	.concat(["0.0", "0.5", "1.0", "1.1", "1.5", "2.0", "2.1", "3.14", "5.0", "10.0", "11.1", "100.5", "0.01", "1.31", "21.1", "1000000.0"]);
const lists = [["AFP"], ["Interfax", "Reuters"], ["AP", "dpa", "AFP"], ["AP", "dpa", "AFP", "Interfax"], ["Reuters", "Interfax"], ["siete", "ocho"]];
const names = ["sq", "hy", "az", "ba", "be", "bs", "bg", "ce", "crh", "fa-AF", "en", "ka", "kk", "mk", "ps", "fa", "ro", "ru", "sr", "tg", "tt", "tk", "uk", "uz", "es"];
const tags = `cnr cnr-Latn prs prs-Arab mo sh sh-Cyrl iw in ji tl no-bok zh-min-nan art-lojban ru-SU hy-arevela cmn zh-cmn-Hans ru-YU
sr-CS az-arab-IR EN-gb sr-latn-me fa-u-nu-latn-ca-gregory jw ro-MD zh-hakka i-klingon en-GB-oed aa-saaho sgn-GR und-Latn`.split(/\s+/);
const out = { icu: process.versions.icu, cldr: process.versions.cldr, days, times, numbers, ratios, plurals, lists, names, canonical: {}, likely: {}, locales: {} };
for (const t of tags) try { out.canonical[t] = Intl.getCanonicalLocales(t)[0] } catch { out.canonical[t] = "" }
for (const t of [...locales, "crh", "crh-Latn", "ckb", "pa-PK", "mn-CN", "ku", "yue", "und-Cyrl", "sd", "az-IR", "uz-AF", "kk-CN", "tg-PK", "zh-TW", "dv", "ug", "yi"])
	out.likely[t] = new Intl.Locale(t).maximize().baseName;
for (const l of locales) {
	if (Intl.DateTimeFormat.supportedLocalesOf(l).length === 0) continue;
	const v = { dates: {}, times: [], numbers: [], percents: [], plurals: [], ordinals: [], and: [], or: [], names: [] };
	for (const style of ["full", "long", "medium", "short"]) {
		const f = new Intl.DateTimeFormat(l, { dateStyle: style, timeZone: "UTC" });
		v.dates[style] = days.map(d => f.format(new Date(d + "T00:00:00Z")));
	}
	const tf = new Intl.DateTimeFormat(l, { timeStyle: "short", timeZone: "UTC" });
	v.times = times.map(t => tf.format(new Date("2020-09-25T" + t + ":00Z")));
	const nf = new Intl.NumberFormat(l, { maximumFractionDigits: 20 });
	v.numbers = numbers.map(n => nf.format(n));
	const pf = new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: 10 });
	v.percents = ratios.map(r => pf.format(r));
	for (const [key, type] of [["plurals", "cardinal"], ["ordinals", "ordinal"]]) {
		const samples = type === "cardinal" ? plurals : plurals.filter(p => !p.includes("."));
		v[key] = samples.map(s => {
			const digits = (s.split(".")[1] ?? "").length;
			return new Intl.PluralRules(l, { type, minimumFractionDigits: digits, maximumFractionDigits: digits }).select(+s);
		}).join(" ");
	}
	v.and = lists.map(x => new Intl.ListFormat(l, { type: "conjunction" }).format(x));
	v.or = lists.map(x => new Intl.ListFormat(l, { type: "disjunction" }).format(x));
	const dn = new Intl.DisplayNames(l, { type: "language", fallback: "none" });
	v.names = names.map(n => dn.of(n) ?? "");
	v.self = dn.of(l.split("-u-")[0]) ?? "";
	v.direction = new Intl.Locale(l).textInfo?.direction ?? new Intl.Locale(l).getTextInfo?.().direction;
	out.locales[l] = v;
}
// One locale a line, so that a change reads as a diff.
const { locales: table, ...head } = out;
console.log(JSON.stringify(head).slice(0, -1) + ',"locales":{\n' + Object.entries(table).map(([k, v]) => JSON.stringify(k) + ":" + JSON.stringify(v)).join(",\n") + "\n}}");
