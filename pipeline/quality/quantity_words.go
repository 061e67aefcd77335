package quality

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// The words below are our own tables. A stem stands for every word that begins with
// it; one with "=" before it for itself only.

// numberWords has the stems of cardinal and ordinal numbers by language: 1 to 19, 20
// to 90 by tens, 100 to 900 by hundreds, separated by "|".
var numberWords = map[string]string{
	"en":  "=one =once =single =first|=two =second =twice =both =pair =couple|=three =third =thirds =thrice =triple|=four =fourth =fourths|=five =fifth =fifths|=six =sixth|=seven =seventh|=eight =eighth|=nine =ninth|=ten =tenth|eleven|=twelve =twelfth =dozen|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|=twenty =twentieth =twenties|=thirty =thirtieth =thirties|=forty =fortieth =forties|=fifty =fiftieth =fifties|=sixty =sixtieth =sixties|=seventy =seventieth =seventies|=eighty =eightieth =eighties|=ninety =ninetieth =nineties|=hundred =hundreds =hundredth",
	"ru":  "=один =одна =одно =одного =одной =одну =одном =одним =одному перв|=два =две =двух =двум =двумя =двое двух двух двой втор дважд =обе =оба =обоих|=три трет трех трёх =трое =троих =тремя трижд|четыр четвер|пят|шест|=семь =семи =семеро седьм семи|восем восьм|девят|десят|одиннадцат|двенадцат|тринадцат|четырнадцат|пятнадцат|шестнадцат|семнадцат|восемнадцат|девятнадцат|двадцат|тридцат|=сорок =сорока сорокал сороков|пятьдесят пятидесят|шестьдесят шестидесят|семьдесят семидесят|восемьдесят восьмидесят|девяност|=сто =ста столет =сотни =сотня =сотен|двест двухсот|трист трехсот трёхсот|четырест четырехсот четырёхсот|пятьсот пятисот|шестьсот шестисот|семьсот семисот|восемьсот восьмисот|девятьсот девятисот",
	"uk":  "=один =одна =одне =одного =одної =одну =одному перш|=два =дві =двох =двом =двома двоє двох двор друг двічі =обидва =обидві|=три трет трьох =троє =трьом тричі|чотир четвер|пят п'ят п’ят|шіст шест|=сім =семи сьом семи|вісім восьм|девят дев'ят дев’ят|десят|одинадцят|дванадцят|тринадцят|чотирнадцят|п'ятнадцят п’ятнадцят|шістнадцят|сімнадцят|вісімнадцят|дев'ятнадцят дев’ятнадцят|двадцят|тридцят|=сорок =сорока сорокар сороков|п'ятдесят п’ятдесят|шістдесят|сімдесят|вісімдесят|дев'яност дев’яност|=сто =ста сторіч =сотні =сотня|двіст двохсот|трист трьохсот|чотирист чотирьохсот|п'ятсот п’ятсот|шістсот|сімсот|вісімсот|дев'ятсот дев’ятсот",
	"be":  "=адзін =адна =адно =аднаго =адной =адну перш|=два =дзве =двух дваіх двое друг двойч двух|=тры трэц трох траіх трое|чатыр чацвёр чацвер|пяц пят|шэс|=сем сём сям|восем восьм васьм|дзевя|дзеся|адзінаццац|дванаццац|трынаццац|чатырнаццац|пятнаццац|шаснаццац|семнаццац|васямнаццац|дзевятнаццац|дваццац|трыццац|=сорак =сарака саракав|пяцьдзясят пяцідзясят|шэсцьдзясят шасцідзясят|семдзесят сямідзесят|восемдзесят васьмідзесят|дзевяност|=сто =ста стагод =сотні|дзвесц|трыст|чатырыст|пяцьсот|шэсцьсот|семсот|восемсот|дзевяцьсот",
	"bg":  "=един =една =едно първ|=два =две =двама =двете втор двой|=три =трима трет трой|четир четвър|пет|шест|седем седм|осем осм|девет|десет|единайсет единадесет|дванайсет дванадесет|тринайсет тринадесет|четиринайсет четиринадесет|петнайсет петнадесет|шестнайсет шестнадесет|седемнайсет седемнадесет|осемнайсет осемнадесет|деветнайсет деветнадесет|двайсет двадесет|трийсет тридесет|четирийсет четиридесет|петдесет|шейсет шестдесет|седемдесет|осемдесет|деветдесет|=сто столет стотиц стотин|двест|трист|четиристотин|петстотин|шестстотин|седемстотин|осемстотин|деветстотин",
	"mk":  "=еден =една =едно прв|=два =две =двајца =двете втор двој|=три тројца трет|четир четврт|пет|шест|седум седм|осум осм|девет|десет|единаесет|дванаесет|тринаесет|четиринаесет|петнаесет|шеснаесет|седумнаесет|осумнаесет|деветнаесет|дваесет|триесет|четириесет|педесет|шеесет|седумдесет|осумдесет|деведесет|=сто стотиц|двест|трист|четиристотини|петстотини|шестотини|седумстотини|осумстотини|деветстотини",
	"sr":  "jedan jedn prv|=dva =dvije =dve dvoj dvij drug dvogod dvad|=tri =tro troj treć trog|četiri četvr četvor|pet|šest|sedam sedm|osam osm|devet|deset|jedanaest|dvanaest|trinaest|četrnaest|petnaest|šesnaest|sedamnaest|osamnaest|devetnaest|dvadeset|trideset|četrdeset|pedeset|šezdeset|sedamdeset|osamdeset|devedeset|=sto stotin stogod stot|dvjest dvest dvjesto dvesto|trist tristo|četiristo|petsto|šeststo šesto|sedamsto|osamsto|devetsto",
	"ro":  "=un =o =unu =una prim întâi|=doi =două doua doi|=trei treia treilea treime|patru patra patrulea|cinci|șase|șapte|opt|nouă =noua nouălea|zece|unsprezece|doisprezece douăsprezece|treisprezece|paisprezece|cincisprezece|șaisprezece|șaptesprezece|optsprezece|nouăsprezece|douăzeci|treizeci|patruzeci|cincizeci|șaizeci|șaptezeci|optzeci|nouăzeci|=o_sută sută sute",
	"sq":  "=një parë pari|=dy dytë dyti|=tre =tri tretë treti|katër katërt|pesë pest|gjashtë gjasht|shtatë shtat|tetë|nëntë nënt|dhjetë dhjet|njëmbëdhjetë|dymbëdhjetë|trembëdhjetë|katërmbëdhjetë|pesëmbëdhjetë|gjashtëmbëdhjetë|shtatëmbëdhjetë|tetëmbëdhjetë|nëntëmbëdhjetë|njëzet|tridhjetë|dyzet|pesëdhjetë|gjashtëdhjetë|shtatëdhjetë|tetëdhjetë|nëntëdhjetë|njëqind qind|dyqind|treqind|katërqind|pesëqind|gjashtëqind|shtatëqind|tetëqind|nëntëqind",
	"hu":  "=egy =egyik első egyetlen =egyszer|kettő =két kétszer kétéve másod kett két|három harm|négy negy|öt|hat|hét het|nyolc|kilenc|tíz tiz|tizenegy|tizenkettő tizenkét|tizenhárom|tizennégy|tizenöt|tizenhat|tizenhét|tizennyolc|tizenkilenc|húsz husz|harminc|negyven|ötven|hatvan|hetven|nyolcvan|kilencven|száz",
	"hy":  "=մեկ =մի առաջին միակ|երկու երկրորդ երկու|երեք երրորդ|չորս չորրորդ|հինգ|վեց|յոթ|ութ|ինը իններորդ =ինն|տասը տասներորդ =տաս տաս|տասնմեկ|տասներկու|տասներեք|տասնչորս|տասնհինգ|տասնվեց|տասնյոթ|տասնութ|տասնինը|քսան|երեսուն|քառասուն|հիսուն|վաթսուն|յոթանասուն|ութսուն|իննսուն|հարյուր",
	"ka":  "ერთ პირველ|ორ მეორე|სამ მესამე|ოთხ მეოთხ|ხუთ მეხუთ|ექვს მეექვს|შვიდ მეშვიდ|რვა მერვ|ცხრა მეცხრე|ათ მეათ|თერთმეტ მეთერთმეტ|თორმეტ მეთორმეტ|ცამეტ მეცამეტ|თოთხმეტ მეთოთხმეტ|თხუთმეტ მეთხუთმეტ|თექვსმეტ მეთექვსმეტ|ჩვიდმეტ მეჩვიდმეტ|თვრამეტ მეთვრამეტ|ცხრამეტ მეცხრამეტ|ოც მეოც|ოცდაათ|ორმოც|ორმოცდაათ|სამოც|სამოცდაათ|ოთხმოც|ოთხმოცდაათ|ას მეას|ორას|სამას|ოთხას|ხუთას|ექვსას|შვიდას|რვაას|ცხრაას",
	"az":  "=bir =birinci =biri birinci|iki ikinci|üç üçüncü|dörd|=beş beşinci beş|altı|yeddi|səkkiz|doqquz|=on onunc =onuncu|onbir|oniki|onüç|ondörd|onbeş|onaltı|onyeddi|onsəkkiz|ondoqquz|iyirmi|otuz|qırx|əlli|altmış|yetmiş|səksən|doxsan|yüz",
	"tr":  "=bir =birinci =ilk =biri|iki ikinci|üç|dört dörd|beş|altı|yedi|sekiz|dokuz|=on onunc|onbir|oniki|onüç|ondört|onbeş|onaltı|onyedi|onsekiz|ondokuz|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan|yüz",
	"crh": "=bir birinci|eki ekinci|üç|dört|beş|altı|yedi|sekiz|doquz|=on onunc|onbir|oneki|onüç|ondört|onbeş|onaltı|onyedi|onsekiz|ondoquz|yigirmi|otuz|qırq|elli|altmış|yetmiş|seksen|doqsan|yüz",
	"tk":  "=bir birinji|iki ikinji|üç|dört|bäş|alty|ýedi|sekiz|dokuz|=on onunjy|onbir|oniki|onüç|ondört|onbäş|onalty|onýedi|onsekiz|ondokuz|ýigrimi|otuz|kyrk|elli|altmyş|ýetmiş|segsen|togsan|ýüz",
	"uz":  "=bir birinchi|ikki ikkinchi|uch|to‘rt toʻrt to'rt to’rt|besh|olti|yetti|sakkiz|to‘qqiz toʻqqiz to'qqiz to’qqiz|=o‘n =oʻn =o'n =o’n o‘ninchi oʻninchi|-|-|-|-|-|-|-|-|-|yigirma|o‘ttiz oʻttiz o'ttiz|qirq|ellik|oltmish|yetmish|sakson|to‘qson toʻqson to'qson|yuz",
	"kk":  "=бір бірінші алғаш|екі екінші|үш|төрт|бес|алты|жеті|сегіз|тоғыз|=он оныншы|-|-|-|-|-|-|-|-|-|жиырма|отыз|қырық|елу|алпыс|жетпіс|сексен|тоқсан|жүз",
	"ky":  "=бир биринчи|эки экинчи|үч|төрт|беш|алты|жети|сегиз|тогуз|=он онунчу|-|-|-|-|-|-|-|-|-|жыйырма|отуз|кырк|элүү|алтымыш|жетимиш|сексен|токсон|жүз",
	"tt":  "=бер беренче|ике икенче|өч|дүрт|биш|алты|җиде|сигез|тугыз|=ун унынчы|унбер|унике|унөч|ундүрт|унбиш|уналты|унҗиде|унсигез|унтугыз|егерме|утыз|кырык|илле|алтмыш|җитмеш|сиксән|туксан|йөз",
	"ba":  "=бер беренсе|ике икенсе|өс|дүрт|биш|алты|ете|һигеҙ|туғыҙ|=ун унынсы|-|-|-|-|-|-|-|-|-|егерме|утыҙ|ҡырҡ|илле|алтмыш|етмеш|һикһән|туҡһан|йөҙ",
	"tg":  "=як якум аввалин|=ду дуюм дуввум|=се сеюм|чор чаҳор|панҷ|шаш|ҳафт|ҳашт|нӯҳ|=даҳ даҳум|ёздаҳ|дувоздаҳ|сездаҳ|чордаҳ|понздаҳ|шонздаҳ|ҳабдаҳ|ҳаждаҳ|нуздаҳ|бист|сӣ|чил|панҷоҳ|шаст|ҳафтод|ҳаштод|навад|=сад садсол|дусад|сесад|чорсад|панҷсад|шашсад|ҳафтсад|ҳаштсад|нӯҳсад",
	"ce":  "цхьа дуьххьар|шиъ =ши шолгӏа|кхоъ =кхо кхоалгӏа|диъ =ди|пхиъ =пхи|ялх|ворхӏ|бархӏ|исс|итт|цхьайтта|шийтта|кхойтта|дейтта|пхийтта|ялхийтта|вуьрхӏитта|берхӏитта|ткъесна|ткъа ткъе|ткъе_итт|шовзткъа|-|кхузткъа|-|дезткъа|-|бӏе",
	"fa":  "=یک یکم نخست اول اولین|=دو دوم دومین|=سه سوم سومین|چهار|پنج|شش ششم|هفت|هشت|نه نهم =نه|=ده دهم دهمین|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده هیجده|نوزده|بیست|=سی سی\u200cام|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|صد یکصد|دویست|سیصد|چهارصد|پانصد|ششصد|هفتصد|هشتصد|نهصد",
	"ps":  "=یو =یوه لومړ لمړ|دوه دوې دویم دوو|درې دریم دري|څلور|پنځه پنځ|شپږ|اووه اووم اوه|اته اتم|نهه نهم|لس =لس لسم|یوولس یولس|دولس|دیارلس|څوارلس|پنځلس|شپاړس|اوولس =اولسم =اولسمه|اتلس|نولس|شل شلم|دېرش دیرش|څلوېښت څلویښت|پنځوس|شپېته شپیته|اویا|اتیا|نوي|سل سلو =سل =سوو =سوه =سوې",
	"ur":  "=ایک پہل|=دو دوس دونوں|تین تیس|چار چوتھ|پانچ|چھ|سات|آٹھ|نو نویں|دس|گیارہ|بارہ|تیرہ|چودہ|پندرہ|سولہ|سترہ|اٹھارہ|انیس|بیس|تیس|چالیس|پچاس|ساٹھ|ستر|اسی|نوے|سو",
	"hi":  "एक पहल|दो दूस दोनों|तीन तीस|चार चौथ|पांच पाँच|छह छठ|सात|आठ|नौ|दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह पन्द्रह|सोलह|सत्रह|अठारह|उन्नीस|बीस|तीस|चालीस|पचास|साठ|सत्तर|अस्सी|नब्बे|सौ",
	"ar":  "واحد أول أحد الأول أولى الأولى اول احد|اثن ثان الثان|ثلاث ثالث الثالث|أربع اربع رابع الرابع|خمس خامس الخامس|ست سادس السادس|سبع سابع السابع|ثمان ثامن الثامن|تسع تاسع التاسع|عشر عاشر العاشر|-|-|-|-|-|-|-|-|-|عشرين عشرون العشرين العشرون عشرينيات|ثلاثين ثلاثون ثلاثينيات|أربعين أربعون أربعينيات اربعين اربعون|خمسين خمسون خمسينيات|ستين ستون ستينيات|سبعين سبعون سبعينيات|ثمانين ثمانون ثمانينيات|تسعين تسعون تسعينيات|مئة مائة المئة|مئتين مائتين مئتا|ثلاثمئة ثلاثمائة|أربعمئة أربعمائة|خمسمئة خمسمائة|ستمئة ستمائة|سبعمئة سبعمائة|ثمانمئة ثمانمائة|تسعمئة تسعمائة",
	"he":  "אחד אחת ראשון ראשונה|שני שתי שניים שתיים|שלוש שלושה שלישי|ארבע רביעי|חמש חמיש|שש ששה שישי|שבע שביעי|שמונ שמיני|תשע תשיעי|עשר עשירי|-|-|-|-|-|-|-|-|-|עשרים|שלושים|ארבעים|חמישים|שישים|שבעים|שמונים|תשעים|מאה מאות",
	"de":  "=ein =eine =einen =einem =einer =eins erst|zwei zwo beide|drei drit|vier|fünf|sechs|sieb|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert",
	"fr":  "=un =une premi|deux deuxi second|trois troisi tiers|quatre quatri|cinq|=six sixi|sept|huit|neuf neuvi|dix|onze onzi|douze douzi|treize|quatorze|quinze|seize|dix-sept|dix-huit|dix-neuf|vingt vingtain|trente trentain|quarante quarantain|cinquante cinquantain|soixante soixantain|septante|quatre-vingt|nonante|cent",
	"es":  "=un =uno =una primer|=dos segund|=tres tercer|cuatro cuart|cinco quint|seis sext|siete séptim|ocho octav|nueve noven|diez décim|once|doce|trece|catorce|quince|dieciséis|diecisiete|dieciocho|diecinueve|veint vigésim|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|=cien ciento centena|doscient|trescient|cuatrocient|quinient|seiscient|setecient|ochocient|novecient",
	"ca":  "=un =una primer|=dos =dues segon|=tres tercer|quatre quart|cinc|=sis sis|=set setè|vuit|nou|=deu|onze|dotze|tretze|catorze|quinze|setze|disset|divuit|dinou|vint|trenta|quaranta|cinquanta|seixanta|setanta|vuitanta|noranta|cent",
	"it":  "=un =uno =una prim|due second|=tre terz|quattro quart|cinque quint|=sei sest|sette settim|otto ottav|nove non|dieci decim|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove|vent|trent|quarant|cinquant|sessant|settant|ottant|novant|cento centinai",
	"pt":  "=um =uma primeir|=dois =duas segund|=três terceir|quatro quart|cinco quint|seis sext|sete sétim|oito oitav|nove non|dez décim|onze|doze|treze|catorze quatorze|quinze|dezasseis dezesseis|dezassete dezessete|dezoito|dezanove dezenove|vint|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa|=cem cento|duzent|trezent|quatrocent|quinhent|seiscent|setecent|oitocent|novecent",
	"cs":  "jeden jedn =prvn první|=dva =dvě =dvou dvoj =druh druhý dvou|=tři tří tře třet troj|=čtyři čtyř čtvr|pět pát|šest|sedm|osm|devět devít devá|deset desít desát|jedenáct|dvanáct|třináct|čtrnáct|patnáct|šestnáct|sedmnáct|osmnáct|devatenáct|dvacet dvacít dvacát|třicet třicít třicát|čtyřicet čtyřicít čtyřicát|padesát|šedesát|sedmdesát|osmdesát|devadesát|=sto =sta stovk stovek stolet|=dvěstě|=třista|=čtyřista|pětset|šestset|sedmset|osmset|devětset",
	"sk":  "jeden jedn =prv prvý prvá|=dva =dve =dvoch dvoj druh dvom|=tri =troch tret troj|=štyri štvor štvr|päť piat piati pät|šesť šies šest|sedem siedm sedm|osem ôsm osm|deväť devia|desať desia|jedenás|dvanás|trinás|štrnás|pätnás|šestnás|sedemnás|osemnás|devätnás|dvadsa dvadsi|tridsa tridsi|štyridsa štyridsi|päťdesiat|šesťdesiat|sedemdesiat|osemdesiat|deväťdesiat|=sto stoviek stovk storoč|=dvesto|=tristo|=štyristo|päťsto|šesťsto|sedemsto|osemsto|deväťsto",
	"sl":  "=en =ena =eno enega prv|=dva =dve =dveh dvoj drug dvem|=tri =treh tretj troj trimetr|=štiri štir četrt|=pet pet|=šest šest|sedem sedm|osem osm|devet|deset|enajst|dvanajst|trinajst|štirinajst|petnajst|šestnajst|sedemnajst|osemnajst|devetnajst|dvajset|trideset|štirideset|petdeset|šestdeset|sedemdeset|osemdeset|devetdeset|=sto stotin stolet|dvesto|tristo|štiristo|petsto|šeststo|sedemsto|osemsto|devetsto",
	"nl":  "=een =één =eerste|=twee =tweede twee|=drie =derde drie|vier|vijf|=zes =zesde zes|zeven|acht|negen|=tien =tiende tien|=elf elfde elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|honderd",
	"sv":  "=en =ett =första|=två =andra två|=tre tredj tre|fyra fjärd|fem|=sex sjätt sex|=sju sjund sju|åtta åttond|=nio nionde nio|=tio tionde|=elva elft elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio|hundra",
	"da":  "=en =et =én =ét =første|=to =anden =andet|=tre tredj|fire fjerd|=fem femt|=seks sjett|syv|otte ottend|=ni niend|=ti tiend|elleve ellevt|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems|hundred",
	"nb":  "=en =ett =én =første|=to =andre|=tre tredj|fire fjerd|=fem femt|=seks sjett|syv sju|åtte åttend|=ni niend|=ti tiend|elleve ellevt|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|tjue|tretti|førti|femti|seksti|sytti|åtti|nitti|hundre",
	"fi":  "=yksi =yhden =yhtä ensimmäi|=kaksi =kahden =kahta kaksi toinen toisen|=kolme =kolmen =kolmea kolma|=neljä neljän neljä|=viisi =viiden =viittä viiden|=kuusi =kuuden kuude|seitsem|kahdeksa|yhdeksä|=kymmenen kymmene|yksitoista yhdentoista|kaksitoista kahdentoista|kolmetoista kolmentoista|neljätoista neljäntoista|viisitoista viidentoista|kuusitoista kuudentoista|seitsemäntoista|kahdeksantoista|yhdeksäntoista|kaksikymmen kahdenkymmen kahtakymmen|kolmekymmen kolmenkymmen|neljäkymmen neljänkymmen nelikymmen|viisikymmen viidenkymmen|kuusikymmen kuudenkymmen|seitsemänkymmen|kahdeksankymmen|yhdeksänkymmen|=sata =sadan =sataa sato sadan",
	"et":  "=üks =ühe =üht =ühte esime|=kaks =kahe =kaht =kahte teine teise kahe|=kolm =kolme kolman kolme|=neli =nelja nelja nelj|=viis =viie viie viien|=kuus =kuue kuue|seits|kaheks|üheks|=kümme =kümne kümne kümnen|üksteist üheteist|kaksteist kaheteist|kolmteist kolmeteist|neliteist neljateist|viisteist viieteist|kuusteist kuueteist|seitseteist|kaheksateist|üheksateist|kakskümmend kahekümne|kolmkümmend kolmekümne|nelikümmend neljakümne|viiskümmend viiekümne|kuuskümmend kuuekümne|seitsekümmend|kaheksakümmend|üheksakümmend|=sada =saja sada saja",
	"lt":  "vien pirm|=du =dvi =dviejų dvej antr dvie|=trys =trijų treč trij|keturi ketvirt ketur|penk|šeš|septyn septint|aštuon aštunt|devyn devint|dešimt|vienuolik|dvylik|trylik|keturiolik|penkiolik|šešiolik|septyniolik|aštuoniolik|devyniolik|dvidešimt|trisdešimt|keturiasdešimt|penkiasdešimt|šešiasdešimt|septyniasdešimt|aštuoniasdešimt|devyniasdešimt|šimt",
	"lv":  "vien pirm|div otr|=trīs treš trij|četr ceturt|piec piekt|seš|septiņ septīt|astoņ astot|deviņ devīt|desmit|vienpadsmit|divpadsmit|trīspadsmit|četrpadsmit|piecpadsmit|sešpadsmit|septiņpadsmit|astoņpadsmit|deviņpadsmit|divdesmit|trīsdesmit|četrdesmit|piecdesmit|sešdesmit|septiņdesmit|astoņdesmit|deviņdesmit|simt",
	"el":  "=ένα =ένας =μία =μια πρώτ|=δύο =δυο δεύτερ|=τρεις =τρία τρίτ τριών|=τέσσερα =τέσσερις τέταρτ τεσσάρων|πέντε πέμπτ|=έξι έκτ|επτά εφτά έβδομ|οκτώ οχτώ όγδο|εννέα εννιά ένατ|δέκα δέκατ|έντεκα ενδέκατ|δώδεκα δωδέκατ|δεκατρ|δεκατέσσερ|δεκαπέντε|δεκαέξι δεκάξι|δεκαεπτά δεκαεφτά|δεκαοκτώ δεκαοχτώ|δεκαεννέα δεκαεννιά|είκοσι εικοσά|τριάντα|σαράντα|πενήντα|εξήντα|εβδομήντα|ογδόντα|ενενήντα|εκατό =εκατόν εκατοντάδ",
	"id":  "=satu pertama =sebuah =seorang|=dua kedua|=tiga ketiga|=empat keempat|=lima kelima|=enam keenam|=tujuh ketujuh|delapan|sembilan|sepuluh|sebelas|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|seratus",
	"ms":  "=satu pertama =sebuah =seorang|=dua kedua|=tiga ketiga|=empat keempat|=lima kelima|=enam keenam|=tujuh ketujuh|=lapan|sembilan|sepuluh|sebelas|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|seratus",
	"sw":  "=moja =kwanza =mmoja|=mbili =pili =wawili =miwili|=tatu =watatu =mitatu|=nne =wanne =minne|=tano =watano =mitano|=sita|=saba|=nane =wanane|=tisa|=kumi|-|-|-|-|-|-|-|-|-|=ishirini|=thelathini|=arobaini|=hamsini|=sitini|=sabini|=themanini|=tisini|=mia",
	"bn":  "=এক প্রথম|=দুই =দু দ্বিতীয়|=তিন তৃতীয়|=চার চতুর্থ|পাঁচ পঞ্চম|ছয় ষষ্ঠ|সাত সপ্তম|আট অষ্টম|নয় নবম|=দশ দশম|এগার|বারো|তেরো|চৌদ্দ|পনের|ষোল|সতের|আঠার|ঊনিশ উনিশ|বিশ কুড়ি|ত্রিশ|চল্লিশ|পঞ্চাশ|ষাট|সত্তর|আশি|নব্বই|শতবর্ষ একশ =শতক",
	"ko":  "=하나 =한|=둘 =두|=셋 =세|=넷 =네|다섯|여섯|일곱|여덟|아홉|=열|-|-|-|-|-|-|-|-|-|스무 스물|서른|마흔|=쉰|예순|일흔|여든|아흔",
	"pl":  "jeden jedn pierwsz|=dwa =dwie =dwóch dwoj drug|=trzy trzec trzech|czter czwart|pięć piąt pięci|sześ szóst|siedem siódm|osiem ósm ośmi|dziewię dziewią|dziesię dziesią|jedena|dwana|trzyna|czterna|piętna|szesna|siedemna|osiemna|dziewiętna|dwadzie dwudzie|trzydzie|czterdzie|pięćdzie|sześćdzie|siedemdzie|osiemdzie|dziewięćdzie|=sto =stu setk",
}

// scaleWords has the stems of the words and abbreviations for powers of ten that
// stand behind a number, by language: "1e3=stem stem;1e6=…". English "billion" and
// its like are 10⁹ or 10¹² as each language counts.
var scaleWords = map[string]string{
	"en":  "1e2==hundred;1e3==thousand =k =thousands;1e5==lakh =lakhs;1e6==million =millions =mn =mln =mio;1e7==crore =crores;1e9==billion =billions =bn =bln;1e12==trillion =trillions =tn =trn",
	"ru":  "1e3=тысяч =тыс =тыщ;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"uk":  "1e3=тисяч =тис;1e6=мільйон =млн;1e9=мільярд =млрд;1e12=трильйон =трлн",
	"be":  "1e3=тысяч =тыс;1e6=мільён =млн;1e9=мільярд =млрд;1e12=трыльён =трлн",
	"bg":  "1e3=хиляд =хил;1e6=милион =млн;1e9=милиард =млрд;1e12=трилион =трлн",
	"mk":  "1e3=илјад =илј;1e6=милион =мил;1e9=милијард =млрд =милј;1e12=трилион билион",
	"sr":  "1e3=hiljad tisuć =hilj;1e6=milion milijun =mil =mln;1e9=milijard =mlrd;1e12=bilion bilijun trilion trilijun",
	"ro":  "1e3==mii =mie =miile;1e6=milion milioane =mil =mln;1e9=miliard =mld =mlrd;1e12=trilion trilioane",
	"sq":  "1e3=mijë mij;1e6=milion =mln;1e9=miliard =mld;1e12=trilion bilion",
	"hu":  "1e3=ezer ezr =e;1e6=millió;1e9=milliárd =mrd =md;1e12=billió",
	"hy":  "1e3=հազար;1e6=միլիոն միլլիոն =մլն;1e9=միլիարդ միլլիարդ բիլիոն բիլլիոն =մլրդ;1e12=տրիլիոն =տրլն",
	"ka":  "1e3=ათას;1e6=მილიონ =მლნ;1e9=მილიარდ =მლრდ;1e12=ტრილიონ",
	"az":  "1e3==min =mindən =minə =mini =minlik =minin =mində;1e6=milyon =mln;1e9=milyard =mlrd;1e12=trilyon",
	"tr":  "1e3==bin =bine =binden =binde =bini =binin =binlik =bininci =binlerce =binlercesi;1e6=milyon =mn;1e9=milyar =mr;1e12=trilyon =tn",
	"crh": "1e3=biñ;1e6=million milyon =mln;1e9=milliard milyard =mlrd;1e12=trillion",
	"tk":  "1e3=müň;1e6=million =mln;1e9=milliard =mlrd;1e12=trillion",
	"uz":  "1e3=ming минг;1e6=million =mln миллион =млн;1e9=milliard =milliar =mlrd =mlr миллиард =млрд;1e12=trillion триллион",
	"kk":  "1e3=мың;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"ky":  "1e3=миң;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"tt":  "1e3=мең;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"ba":  "1e3=мең;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"tg":  "1e3=ҳазор;1e6=миллион млн =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"ce":  "1e3=эзар =эз;1e6=миллион =млн;1e9=миллиард =млрд;1e12=триллион =трлн",
	"fa":  "1e2==صد;1e3=هزار;1e6=میلیون ملیون;1e9=میلیارد ملیارد بیلیون بیلون بلیون;1e12=تریلیون ترلیون",
	"ps":  "1e3==زره =زرو =زرې;1e6=میلیون ملیون میلون مليون ميليون;1e9=میلیارد ملیارد مليارد ميليارد بیلیون بلیون;1e12=تریلیون",
	"ur":  "1e3=ہزار;1e5=لاکھ;1e6=ملین;1e7=کروڑ;1e9==ارب بلین;1e12=کھرب ٹریلین",
	"hi":  "1e3=हज़ार हजार;1e5=लाख;1e6=मिलियन;1e7=करोड़ करोड;1e9=अरब बिलियन;1e12=खरब ट्रिलियन",
	"ar":  "1e3==ألف =ألفا =ألفًا =آلاف =الف =الفا =الاف =الآلاف =الألف =ألاف;1e6=مليون ملايين;1e9=مليار مليارات بليون;1e12=تريليون ترليون",
	"he":  "1e3=אלף אלפ;1e6=מיליון מיליוני מליון;1e9=מיליארד מיליארדי;1e12=טריליון",
	"de":  "1e3=tausend =tsd;1e6=million =mio;1e9=milliarde =mrd;1e12=billion =bio",
	"fr":  "1e2==cent =cents =centaine =centaines;1e3==mille =millier =milliers =k;1e6=million =mio;1e9=milliard =md =mds =mrd;1e12=billion",
	"es":  "1e3==mil =miles;1e6=millón millon =mm =mdd;1e9=millardo;1e12=billón billon",
	"ca":  "1e3==mil =milers;1e6==milió milion;1e12==bilió bilion",
	"it":  "1e3==mila =mille;1e6=milion =mln;1e9=miliard =mld;1e12=bilion trilion",
	"pt":  "1e3==mil =milhares;1e6=milhão milhões;1e9=bilhão bilhões bilião;1e12=trilhão trilhões",
	"pl":  "1e3=tysiąc tysięc =tys;1e6=milion =mln;1e9=miliard =mld;1e12=bilion",
	"cs":  "1e3=tisíc =tis;1e6=milion milión =mil =mio;1e9=miliard =mld;1e12=bilion bilión",
	"nl":  "1e3=duizend;1e6=miljoen =mln;1e9=miljard =mld;1e12=biljoen",
	"el":  "1e3=χιλιάδ =χιλ;1e6=εκατομμύρι εκατομμυρί =εκατ;1e9=δισεκατομμύρι δισεκατομμυρί =δισ =δις;1e12=τρισεκατομμύρι τρισεκατομμυρί =τρισ =τρις",
	"zh":  "1e2=百;1e3=千;1e4=万 萬;1e8=亿 億;1e12=兆 万亿 萬億;1e7=千万 千萬;1e6=百万 百萬;1e5=十万 十萬;1e9=十亿 十億;1e10=百亿 百億;1e11=千亿 千億",
	"ja":  "1e2=百;1e3=千;1e4=万;1e8=億;1e12=兆;1e7=千万;1e6=百万;1e5=十万",
	"ko":  "1e2=백;1e3=천;1e4=만;1e5=십만;1e6=백만;1e7=천만;1e8=억;1e9=십억;1e10=백억;1e11=천억;1e12=조",
	"sv":  "1e3==tusen =tusentals;1e6=miljon =mn =milj;1e9=miljard =md =mdr;1e12=biljon",
	"da":  "1e3==tusind =tusinde;1e6=million =mio;1e9=milliard =mia =mia.;1e12=billion",
	"nb":  "1e3==tusen;1e6=million =mill =mill.;1e9=milliard =mrd;1e12=billion",
	"is":  "1e3=þúsund;1e6=milljón milljóna =m.;1e9=milljarð milljarða =ma.;1e12=billjón",
	"fi":  "1e3=tuhat tuhan =tuhatta;1e6=miljoon =milj;1e9=miljardi =mrd;1e12=biljoon",
	"et":  "1e3=tuhat tuhan;1e6=miljon =mln;1e9=miljard =mld;1e12=triljon",
	"lv":  "1e3=tūksto =tūkst;1e6=miljon =milj;1e9=miljard =mljrd;1e12=triljon",
	"lt":  "1e3=tūkstan =tūkst;1e6=milijon =mln;1e9=milijard =mlrd;1e12=trilijon",
	"sk":  "1e3=tisíc =tis;1e6=milión miliòn =mil =mio;1e9=miliard miliárd =mld;1e12=bilión",
	"sl":  "1e3=tisoč =tis;1e6=milijon =mio;1e9=milijard =mrd;1e12=bilijon",
	"af":  "1e3==duisend =duisende;1e6=miljoen =milj;1e9=miljard biljoen;1e12=triljoen",
	"id":  "1e3==ribu;1e6==juta =million;1e9=miliar milyar =billion;1e12=triliun =trillion",
	"ms":  "1e3==ribu;1e6==juta =million;1e9=bilion =billion;1e12=trilion =trillion",
	"vi":  "1e3==nghìn =ngàn;1e6==triệu;1e9==tỷ =tỉ",
	"bn":  "1e2==শ =শত =শতাধিক;1e3=হাজার;1e5=লাখ =লক্ষ =লক্ষাধিক =লক্ষের =লক্ষেরও;1e6=মিলিয় মিলিয মিলিয়;1e7=কোটি;1e9=বিলিয় বিলিয বিলিয়;1e12=ট্রিলিয় ট্রিলিয",
	"ne":  "1e3=हजार;1e5=लाख;1e6=मिलियन =million;1e7=करोड;1e9=अरब अर्ब बिलियन =bn =billion;1e12=खरब खर्ब ट्रिलियन",
	"ta":  "1e3=ஆயிர;1e5=லட்ச இலட்ச;1e6=மில்லியன;1e7=கோடி;1e9=பில்லியன;1e12=டிரில்லியன",
	"mn":  "1e3=мянга мянган;1e6=сая;1e9=тэрбум;1e12=их_наяд",
	"sw":  "1e3==elfu;1e5==laki;1e6==milioni;1e9==bilioni;1e12==trilioni",
	"th":  "1e3=พัน;1e4=หมื่น;1e5=แสน;1e6=ล้าน;1e9=พันล้าน;1e7=สิบล้าน;1e8=ร้อยล้าน",
}

// unit is a unit of measure: its dimension, and how many of the dimension's base
// units (meter, kilogram, square meter, kelvin difference, liter) it is. Speeds are
// lengths, in an hour: the words for "per hour" are not read.
type unit struct {
	name      string
	dimension string
	factor    float64
}

// unitWords names units in many languages at once, since the words are international.
var unitWords = []struct {
	unit
	words string
}{
	{unit{"km", "length", 1000}, "=km =км =կմ =კმ =ק\"מ kilomet kilomét kilòmet kilométer километ кілометр кіламетр километ километар կիլոմետր კილომეტრ کیلومتر کیلومیټر کيلومتر کلومیٹر كيلومتر كيلومترا كم קילומטר किलोमीटर 公里 千米 キロメートル キロ กิโลเมตร chilometr χιλιόμετρ χιλιομέτρ =kilomeetri =kilomeetrit =kilomeetrine 킬로미터 =킬로 quilómetr quilometr kilometr"},
	{unit{"mi", "length", 1609.344}, "=μίλι =μίλια =μιλίων =miili =mailia =maili 마일 =mile =miles =миль =мили =миля =милях =милю =милях =милями =милі =милю =милја =милји =міль =міля =милиј =миља =миље =миљу =миљама =միլ մղոն მილი =mil =mils =milja =milje =milju =milla =millas =milles =mille =Meile =Meilen =meile =meilen =mila =mile =milje =mérföld mérföld mil_ =mil =miles =mil =milýa =миля =մղոն مایل میل =ميل =ميلا =ميلًا =أميال =میله =میلو مایل מייל मील 英里 マイル ไมล์"},
	{unit{"m", "length", 1}, "=m =м =մ =მ =meter =meters =metre =metres metr =metro =metros =метр =метра =метров =метрів =метри =метраў =метры =метара =метри =метарa метр метар մետր მეტრ متر =متره میټر میٹر מטר =מטרים मीटर 米 公尺 メートル เมตร méter =metra =metara =μέτρο =μέτρα =μέτρων =meetri =meetrit =mita 미터"},
	{unit{"cm", "length", 0.01}, "=cm =см =սմ =სმ centimet centimét centímet centimetr сантиметр сантыметр сантим сантимет центимет centimet santimetr santimetre santimetr սանտիմետր სანტიმეტრ سانتی سانتیمتر سانتي سینټي سنتيمتر סנטימטר सेंटीमीटर 厘米 公分 センチ เซนติเมตร εκατοστ =sentimeetri =sentimeetrit 센티미터"},
	{unit{"mm", "length", 0.001}, "=mm =мм millimet millimét milímet milimet миллиметр міліметр милимет میلی\u200cمتر میلیمتر 毫米 ミリ"},
	{unit{"ft", "length", 0.3048}, "=ft =feet =foot =фут =фута =футов =футів =фути =фут =стъп =стопа =стопи =стапки láb =Fuß =fuß =pies =pieds =pied =piedi =peus =پا =فوت =قدم =أقدام =פיט 英尺 フィート =πόδια =ποδιών =jalga =futi 피트 ฟุต ոտնաչափ ფუტ"},
	{unit{"in", "length", 0.0254}, "=inch =inches =in =дюйм дюйм =цаля =цаляў дюйми =инч =инча =инчи =inča =inç =inçe hüvelyk =zoll =Zoll =pulgada =pulgadas =pouce =pouces =pollici =polzades اینچ بوصة 英寸 インチ =ίντσες =ιντσών =inchi 인치 นิ้ว դյույմ დიუიმ"},
	{unit{"yd", "length", 0.9144}, "=yard =yards ярд ярдаў yard یارد ياردة ヤード"},
	{unit{"kg", "mass", 1}, "=kg =кг kilogram kilogramm килограмм кілограм кілаграм килограм կիլոգրամ კილოგრამ کیلوگرم کیلو =كيلو =كيلوغرام كيلوغرام קילוגרם किलो 公斤 千克 キログラム กิโลกรัม kilo =κιλά =κιλών =κιλό =quilos =quilo 킬로그램"},
	{unit{"lb", "mass", 0.45359237}, "=lb =lbs =pound =pounds фунт фунтаў =libra =libras =livre =livres font =pfund =Pfund =libbre"},
	{unit{"oz", "mass", 0.028349523}, "=oz =ounce =ounces унци унція oncia =onza =onzas =once =onces اونس"},
	{unit{"t", "mass", 1000}, "=ton =tons =tonne =tonnes тонн =тона =тони =тонна tonn =tone =tona =tonelada =toneladas =tonnes تُن =تن =طن =أطنان 吨 トン 톤 ตัน տոննա ტონა"},
	{unit{"acre", "area", 4046.8564}, "=acre =acres акр акрів =acri =acres ایکڑ فدان 英亩 エーカー"},
	{unit{"ha", "area", 10000}, "=ha =га hectare hektar hectár гектар хектар hektár hectárea ettar ektar հեկտար ჰექტარ هکتار هكتار 公顷 ヘクタール"},
	{unit{"dunam", "area", 1000}, "=דונם =דונמים =dönüm =دونم =dunam =dunams"},
	{unit{"gal", "volume", 3.785411784}, "=gallon =gallons галлон галон gallon galon galón گالن غالون 加仑 ガロン"},
	{unit{"l", "volume", 1}, "=l =л =liter =liters =litre =litres литр літр литар litr =litri =litros =litara =litra լիտր ლიტრ لیتر لتر 升 リットル"},
	{unit{"bbl", "volume", 158.987}, "barrel баррел барел =barili baril =barriles برمیل"},
	{unit{"mph", "length", 1609.344}, "=mph"},
	{unit{"m/s", "length", 3600}, "=m/s =м/с =m/sn"},
	{unit{"kph", "length", 1000}, "=kph =км/ч =км/год =km/h"},
	{unit{"°C", "temperature", 1}, "=°c °c celsius цельс целс celzij цельсій سانتیگراد سانتی\u200cگراد سلسیوس"},
	{unit{"°F", "temperature", 0}, "=°f °f fahrenheit фаренгейт فارنهایت farenhayt =degree =degrees"},
	{unit{"°", "temperature", 1}, "=° градус degré grado fok grad daraj ստիճան გრადუს درجه stupn степен שעות מעלות gradë 度"},
}

// currencyWords names currencies in many languages at once. Pounds are left aside:
// they are weights too.
var currencyWords = []struct{ code, words string }{
	{"USD", "=usd us$ =dola dollar dolar dólar dòlar dollár доллар долар далар =долл =дол =долара долл. դոլար დოლარ دلار ډالر دالر دولار ڈالر דולר डॉलर 美元 ドル ดอลลาร์ 달러 dollaro δολάρι"},
	{"EUR", "=eur =euro =euros =euró euro евро євро еўра еура еуро =евра =evra =еври =eura =euru euró եվրո ევრო یورو يورو אירו यूरो 欧元 歐元 ユーロ ยูโร 유로 evro avro ýewro yevro"},
	{"RUB", "=rub =rubles =ruble =rouble =roubles рубл рубель руб. =руб rubl rublj rubel rublo roubl rublei ռուբլ რუბლ روبل روبلو רובל 卢布 ルーブル"},
	{"UAH", "=uah =hryvnia =hryvnias =hryvnya гривн гривен грыўн hrivnj hrivn grivn grywn"},
	{"KZT", "=kzt =tenge тенге теңге =тг"},
	{"KGS", "=kgs"},
	{"CNY", "=cny =yuan юан юань юаней 人民币 یوان يوان"},
	{"JPY", "=jpy =yen иен ієн 円 日元 =ین ين"},
	{"IRR", "=irr =rial =rials =toman =tomans риал ріал томан ریال تومان"},
	{"AFN", "=afghani =afghanis افغانی افغانۍ افغاني афган_"},
	{"AZN", "=azn =manat =manats манат manat"},
	{"AMD", "=amd =dram =drams драм դրամ"},
	{"GEL", "=gel =lari ლარი лари"},
	{"HUF", "=huf =forint =forints форинт forint"},
	{"TRY", "=try =lira =liras =lirası лир lir لیر ليرة"},
	{"RSD", "=rsd =dinar =dinars динар dinar"},
	{"GBP", "=gbp sterling стерлинг"},
	{"INR", "=inr =rupee =rupees рупи روپیه روپی روپے رुप rupi"},
	{"PLN", "=pln =zloty =zlotys zlot злот"},
	{"RON", "=ron =leu =lei лей лея"},
	{"BGN", "=bgn =lev =levs =лв =лев =лева =leva"},
	{"CHF", "=chf"},
	{"franc", "=franc =francs франк =franken =franka =franki =franků =franków =frankov =frankë =franga =francos =franchi =francau ֆրանկ ფრანკ فرانک فرنك فرانك 法郎 フラン 프랑 φράγκ פרנק"},
	{"ILS", "=ils =shekel =shekels шекел שקל شیکل شيكل شیقل שקלים shekel sékel"},
	{"SEK", "=sek"},
}

var currencySymbols = map[rune]string{'$': "USD", '€': "EUR", '£': "GBP", '¥': "CNY", '₽': "RUB", '₴': "UAH", '₸': "KZT", '₼': "AZN", '֏': "AMD", '₾': "GEL", '₺': "TRY", '₹': "INR", '﷼': "IRR"}

// stem is one entry of a lexicon.
type stem struct {
	text  string
	exact bool
	value float64
	id    int
}

// notNumbers are words that begin like a number of their language and are none.
var notNumbers = map[string]string{
	"cs": "jednán jednat jednot pátek pátk pátr čtvrtek čtvrtk čtvrť třeb",
	"sk": "jednan jednot piatok piatk štvrtok štvrtk",
	"sl": "četrtek četrtk petek petk peter petr peticij",
	"nl": "achter tweet",
	"sv": "femin sexi sexu sjuk sjung sjunk trend trevl",
	"da": "attent tyver",
	"nb": "attent sjuk sjung sjunk",
	"fi": "=sato =satoa =satoi",
	"et": "esimees esimehe kahets neljap sadam =sajab",
	"lt": "antrad antrop ketvirtad penktad pirmad pirmin šeštad trečiad vienyb",
	"lv": "ceturtd otrd piektd pirmd =pirms trešd vienm vienīb",
	"el": "έκτα",
	"bn": "আটক বিশা বিশি বিশু বিশৃ বিশে বিশ্ব বিশ্ল বিশদ",
}

// notCurrencies are words that begin like a currency: France, Frankfurt, Franklin.
const notCurrencies = "=франко франкен франкист франкіст франкл франкмас франког франкомов франкоп франкоф франкоя франкс франкф ֆրանկլ ֆրանկոֆ ֆրանկֆ ფრანკლ ფრანკოფ ფრანკფ " +
	"فرانکف فرانکل فرانکو فرانكف فرانكل فرانكو フランキ フランク フランケ フランコ フランス フランソ フランチ フランツ 프랑스 프랑수 프랑켄 프랑코 프랑크 פרנקו פרנקל פרנקפ"

// noWord is the id of stems of other words, which begin like one of the lexicon.
const noWord = -1

// lexicon finds the longest stem that begins a word.
type lexicon struct {
	stems  map[rune][]stem // by their first character
	starts starts
}

func (l *lexicon) add(words string, value float64, id int) {
	for w := range strings.FieldsSeq(words) {
		w = strings.ReplaceAll(w, "_", " ")
		text, exact := strings.CutPrefix(w, "=")
		text = strings.ToLower(text)
		if text == "-" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(text)
		if l.stems == nil {
			l.stems = map[rune][]stem{}
		}
		l.stems[first] = append(l.stems[first], stem{text, exact, value, id})
		l.starts.add(text)
	}
}

// find returns the longest stem of which word is a form.
func (l *lexicon) find(word string) (best stem, ok bool) {
	first, size := utf8.DecodeRuneInString(word)
	if second, _ := utf8.DecodeRuneInString(word[size:]); !l.starts.mayBegin(first, second) {
		return best, false
	}
	for _, s := range l.stems[first] {
		if len(s.text) > len(best.text) && (word == s.text || !s.exact && strings.HasPrefix(word, s.text)) {
			best, ok = s, s.id != noWord
		}
	}
	return best, ok
}

// numerals is what a language calls numbers.
type numerals struct {
	words, scales lexicon
	known         bool // the words for thousand and more are known
	compound      bool // written in one word
}

var numeralsOf sync.Map // language → *numerals; as many as there are tables

func numeralsFor(lang string) *numerals {
	if n, ok := numeralsOf.Load(lang); ok {
		return n.(*numerals)
	}
	table := lang
	switch lang {
	case "bs", "hr", "cnr", "sh":
		table = "sr"
	case "no", "nn":
		table = "nb"
	}
	n := &numerals{}
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 600, 700, 800, 900}
	for i, w := range strings.Split(numberWords[table], "|") {
		n.words.add(w, values[i], 0)
		if table == "sr" {
			n.words.add(cyrillicSerbian.Replace(w), values[i], 0)
		}
	}
	scales := scaleWords[table]
	for part := range strings.SplitSeq(scales, ";") {
		if size, words, ok := strings.Cut(part, "="); ok {
			v := powers[size]
			n.scales.add(words, v, 0)
			if table == "sr" {
				n.scales.add(cyrillicSerbian.Replace(words), v, 0)
			}
		}
	}
	n.words.add(notNumbers[table], 0, noWord)
	n.known = scales != ""
	switch table {
	case "cs", "sk", "sl", "nl", "sv", "da", "nb", "fi", "et", "el", "hu", "de", "hy", "ka", "it", "sq", "sr", "tg", "az", "tr", "tk", "crh":
		n.compound = true
	}
	got, _ := numeralsOf.LoadOrStore(lang, n)
	return got.(*numerals)
}

var powers = map[string]float64{"1e2": 1e2, "1e3": 1e3, "1e4": 1e4, "1e5": 1e5, "1e6": 1e6, "1e7": 1e7, "1e8": 1e8, "1e9": 1e9, "1e10": 1e10, "1e11": 1e11, "1e12": 1e12}

var cyrillicSerbian = strings.NewReplacer("lj", "љ", "nj", "њ", "dž", "џ", "a", "а", "b", "б", "c", "ц", "č", "ч", "ć", "ћ", "d", "д", "đ", "ђ", "e", "е", "f", "ф", "g", "г", "h", "х", "i", "и", "j", "ј", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "r", "р", "s", "с", "š", "ш", "t", "т", "u", "у", "v", "в", "z", "з", "ž", "ж")

// value returns the number that a word in lower case is, alone or as a compound of
// number words ("ötszáz", "zweiunddreißig").
func (n *numerals) value(word string) (v float64, ok bool) {
	s, ok := n.words.find(word)
	if !ok {
		return 0, false
	}
	v = s.value
	if !n.compound {
		return v, true
	}
	total, rest := v, word[len(s.text):]
	for range 6 {
		for _, join := range []string{"und", "en", "ën", "in", "a", "ed", "og", "da", "ე", "და", "ი", "ev", "ë"} {
			if cut, ok := strings.CutPrefix(rest, join); ok {
				if _, found := n.words.find(cut); found {
					rest = cut
					break
				}
			}
		}
		if sc, ok := n.scales.find(rest); ok && sc.value >= 1000 {
			total, rest = max(total, 1)*sc.value, rest[len(sc.text):]
			continue
		}
		next, ok := n.words.find(rest)
		if !ok {
			break
		}
		if next.value == 100 && total < 10 {
			total *= 100
		} else if next.value >= 20 && total < 10 { // zweiunddreißig
			total += next.value
		} else if next.value < total {
			total += next.value
		} else {
			break
		}
		rest = rest[len(next.text):]
	}
	return total, true
}

var measures = sync.OnceValues(func() (units, currencies *lexicon) {
	units, currencies = &lexicon{}, &lexicon{}
	for i, u := range unitWords {
		units.add(u.words, u.factor, i)
	}
	currencies.add(notCurrencies, 0, noWord)
	for i, c := range currencyWords {
		currencies.add(c.words, 0, i)
	}
	return units, currencies
})
