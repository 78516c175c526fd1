# ruff: noqa: E501, RUF001 - one expression a line; words of many tongues look like one another
"""What mail servers say in other languages than English, family by family; joined to the English ones in `reply_words`.

One regular expression a line, over the text that `reply_text` leaves: lower case, Latin and Greek without accents. A
dot stands where a letter is often lost to a wrong character set.
"""

from typing import Final

SENDER: Final = r"""
    (?:expediteur|emetteur|absender|remitente|mittente|remetente|afzender|nadawc|odesilat|odosielat|отправител|відправник|подател)(?!\w*'?s?.(?:ip|server|host))
    avsandar|avsender|afsender|lahettaj|gonderen|gonderici|felado\b|expeditorul|αποστολε
    发件人|发信人|发送者|寄件者|寄件人|送信者|送信元(?!.{0,3}(?:ip|サーバ|ホスト))|差出人|발신자|보낸 ?사람|المرسل|השולח
    chiffrement|verschl.{1,2}sselung|cifrado obligatorio|crittografia|шифровани
"""

LIMIT: Final = r"""
    trop de (?:destinataires|erreurs)|zu viele (?:empf.{1,2}nger|fehler)|demasiad[oa]s (?:destinatarios|errores)
    troppi (?:destinatari|errori)|(?:muitos|demasiados) (?:destinatarios|erros)|te veel (?:ontvangers|fouten)
    zbyt wiele (?:odbiorcow|bledow)|prilis mnoho|слишком много (?:получателей|ошибок)|забагато (?:одержувачів|помилок)
    (?:收件人|收件者|错误|錯誤).{0,4}(?:过多|太多|過多)|过多的?(?:收件人|错误)|(?:宛先|エラー).{0,4}(?:多すぎ|超え)|cok fazla (?:alici|hata)
"""

BLOCKED: Final = r"""
    sperrliste|gesperrt|schwarze[nr]? liste|blockiert|abgewiesen|richtlinie|missbrauch|unerw.{1,2}nscht|verdacht|verboten
    liste noire|bloqu.|blackliste|politique|ind.sirable|pourriel|interdit(?!\w* relais)|r.putation|suspect|mail rejete
    lista negra|bloquead|bloqueio|bloqueo|politicas?\b|no desead|prohibid|proibid|reputac|sospech
    bloccat|lista nera|indesiderat|vietat|reputazion|negat[oa] .{0,30}\bip\b
    geblokkeerd|zwarte lijst|beleid|geweigerd wegens
    zablokowan|czarn\w+ lis|polityk|zabronion|odrzucon\w+ .{0,20}(?:polity|spam)
    zablokovan|blokovan|cern[ey] listin|zakazan|tiltolist|letiltott|blocat|lista neagra
    blockerad|svartlist|sortlist|svarteliste|blokeret|blokkert|sparrlista|estolista|estetty
    заблок|блокиров|ч[её]рн\w* спис|чорн\w* спис|спам|политик|політик|запрещ[её]н|заборонен|репутаци|отказано в доступе
    黑名单|黑名單|垃圾邮件|垃圾郵件|拒收|封锁|封鎖|屏蔽|策略|信誉|信譽|禁止(?!转发|轉發)|频率|頻率|拦截|攔截|阻止|可疑|频繁
    ブラックリスト|迷惑メール|スパム|ポリシー|規制|遮断|ブロック|評価が低|拒否リスト
    차단|스팸|블랙리스트|정책|평판
    engellen|kara liste|politika|istenmeyen|itibar|yasak
    μαυρη λιστα|μπλοκ|αποκλει|القائمة السوداء|محظور|רשימה שחורה|נחסמ|danh sach den|diblokir
"""

GREYLISTED: Final = r"""
    liste grise|listas? (?:gris|cinza)|lista grigia|grau(?:e[nr]?)? ?list|grijze lijst|szar\w+ list|\bsed\w+ listin
    сер\w+ спис|сір\w+ спис|грейлист|грей лист|灰名单|灰名單|灰色列表|グレーリスト|グレイリスト|그레이 ?리스트
    gri liste|gr.{1,2}list(?:ad|ning|e)|harmaa ?lista|szurkelista|lista gri\b
"""

FULL: Final = r"""
    (?:postfach|mailbox|speicher(?:platz)?|konto|kontingent|quota|posteingang|briefkasten).{0,50}(?:\bvoll\b|.berschritten|ueberschritten|ausgesch.{1,2}pft|ersch.{1,2}pft|.berf.{1,2}llt|ueberfuellt|.berzogen)
    kein(?:en)? speicherplatz|nicht gen.{1,2}gend speicher
    bo.?te.{0,50}(?:pleine|satur)|\bpleine\b|quota.{0,20}(?:d.pass|atteint)|d.pass\w*.{0,20}quota|espace.{0,12}insuffisant
    (?:buzon|buz.n|casilla|cuenta|bandeja|correo).{0,50}(?:llen[oa]|excedi|sin espacio|super)|cuota.{0,30}(?:exced|super|sobrepas)|\blleno\b
    caixa.{0,50}(?:cheia|lotada|exced)|\b(?:cota|quota).{0,30}(?:exced|ultrapass|esgotad)|sem espa.o
    casella.{0,50}(?:piena|esaurit|satura)|\bpiena\b|(?:quota|spazio).{0,30}(?:superat|esaurit|insufficient)
    (?:postvak|mailbox|brievenbus|postbus).{0,30}\bvol\b|quot(?:a|um).{0,20}(?:overschreden|bereikt)
    skrzynk\w*.{0,40}(?:pe.?n[ay]|przepe.?nion)|przekrocz\w+.{0,20}(?:limit|pojemno|quot|miejs)|brak miejsca
    schr.{1,2}nk\w*.{0,40}(?:pln|p.eplnen)|p.ekro.en\w*.{0,20}(?:kvot|limit)|kvota.{0,20}p.ekro
    postafiok.{0,30}(?:megtelt|tele\b)|betelt|casut\w*.{0,40}plin
    (?:ящик|почтов|хранилищ).{0,50}(?:переполн|заполнен)|переполнен|квот\w*.{0,40}(?:превыш|исчерпа)|превыш\w*.{0,40}(?:квот|размер\w* ящик)|недостаточно места
    скриньк\w*.{0,40}(?:переповнен|заповнен)|перевищ\w*.{0,20}квот|препълнен
    (?:邮箱|郵箱|信箱|收件箱|收件匣|空间|空間|容量|配额|配額).{0,10}(?:满|滿|不足|超出|超过|超過|用完|耗尽)|(?:超出|超过|超過|已满).{0,8}(?:配额|配額|容量|空间|空間|限额)
    (?:メールボックス|受信箱|受信トレイ|容量|保存領域).{0,14}(?:一杯|いっぱい|満杯|超過|超え|オーバー|不足)
    (?:메일함|편지함|사서함|용량|메일 ?박스).{0,10}(?:가득|초과|부족|꽉)
    (?:kutusu|kota|kutu)\w*.{0,20}(?:dolu|dolmus|doldu|asil|asti)
    brevl.{1,2}da\w*.{0,30}full|postkass\w*.{0,30}full?d?\b|postilaatikko.{0,30}t.{1,2}yn|γραμματοκιβωτι.{0,30}(?:γεματο|πληρε)|ممتلئ|מלאה|da day|penuh
"""

NOT_HOSTED: Final = r"""
    \brelais\b.{0,30}(?:refus|interdit|non)|relayage|weiterleitung.{0,30}(?:verweigert|nicht|abgelehnt)|nicht zust.{1,2}ndig
    domaine.{0,40}(?:inconnu|n.?existe|inexistant|non (?:h.berg|g.r|local)|pas (?:h.berg|g.r|local))
    domain\w*\b.{0,40}(?:unbekannt|existiert nicht|nicht (?:gehostet|bekannt|lokal|gefunden))|unbekannte (?:empf.{1,2}nger)?domain
    domini[oe]\b.{0,40}(?:no existe|n.o existe|non esiste|desconocid|desconhecid|sconosciut|inexistente|no (?:se )?(?:aloja|encuentra|es local)|non (?:gestit|ospitat))
    domein.{0,30}(?:onbekend|bestaat niet)|domen\w*\b.{0,30}(?:nieznan|nie istnieje|nie jest obs)|dom.n\w*.{0,20}neexist
    домен\w*.{0,40}(?:не (?:обслуж|найден|существ|принима|знайден|існу)|неизвест|невідом)|ретрансляц|пересылк\w+.{0,30}запрещ|релей
    (?:域名|网域|網域).{0,8}(?:不存在|未找到|无效|無效|不是本地)|(?:不允许|拒绝|禁止|不允許|拒絕)(?:转发|轉發|中继)|中继|ドメイン.{0,12}(?:存在し|不明|見つかり)|中継.{0,8}(?:拒否|禁止|許可|でき)
    retransmis.{0,20}(?:denegad|no permitid|negad)|reenv.o.{0,20}(?:denegad|no permitid)|inoltro.{0,20}negat
"""

DISABLED: Final = r"""
    (?:postfach|konto|account|benutzer|mailbox|adresse|empf.{1,2}nger)\b.{0,50}(?:gesperrt|deaktiviert|inaktiv|stillgelegt|geschlossen|gek.{1,2}ndigt|gel.{1,2}scht|abgeschaltet|nicht (?:mehr )?aktiv|nicht mehr (?:g.{1,2}ltig|verf.{1,2}gbar|in (?:gebrauch|verwendung|benutzung)))
    (?:compte|bo.?te|adresse|utilisateur|destinataire|mailbox|messagerie)\b.{0,50}(?:d.{1,2}sactiv|inacti|suspend|bloqu|ferm.e?\b|r.sili|cl.tur|supprim|archiv|verrouill|n'est plus)
    (?:cuenta|buz.n|casilla|usuario|conta|caixa|casella|account|utente|destinatari[oa]|direcci.n|endere.o|indirizzo)\b.{0,50}(?:inactiv|inativ|inattiv|desactiv|desativ|disattiv|disabilit|deshabilit|desabilit|suspend|suspens|sospes|bloquead|bloccat|cancelad|cancellat|encerrad|chius|cerrad|de baja|eliminad)
    (?:mailbox|postvak|account|gebruiker|adres|emailadres)\b.{0,40}(?:geblokkeerd|gedeactiveerd|uitgeschakeld|inactief|opgeheven|afgesloten|opgezegd|niet (?:meer )?(?:actief|in gebruik))
    (?:konto|skrzynk\w*|u.ytkownik\w*)\b.{0,40}(?:nieaktywn|zablokowan|zawieszon|wy.{1,2}czon|usuni|wygas)
    (?:schr.{1,2}nk|.{1,2}et\b|ucet|u.ivatel)\w*.{0,40}(?:zablokov|deaktiv|zrusen|neaktiv|zak.z|vypnut|pozastav)
    (?:ящик|пользовател|аккаунт|уч[её]тн|получател|адрес)\w*\b.{0,50}(?:заблокир|отключ|неактив|не актив|деактив|приостан|удал[её]н|закрыт|заморож|выключен)
    (?:скриньк|користувач|акаунт|обліков)\w*\b.{0,50}(?:заблок|вимкн|відключ|неактивн|видален)
    (?:用户|用戶|帐号|账号|帐户|账户|帳號|帳戶|邮箱|郵箱|信箱|收件人).{0,10}(?:停用|禁用|冻结|凍結|锁定|鎖定|注销|註銷|关闭|關閉|被封|暂停|暫停|过期|過期|未激活|失效)
    (?:アカウント|メールボックス|ユーザー?|アドレス).{0,14}(?:停止|無効化|無効にな|凍結|休止|解約|削除|使われておりません|使用されておりません)
    (?:계정|메일함|사용자|사서함|아이디).{0,12}(?:정지|비활성|휴면|잠긴|잠금|중지|해지|탈퇴)
    (?:hesap|hesab|kullanici|kutusu|kutu)\w*.{0,40}(?:devre disi|askiya|pasif|kapatil|engellen|dondurul|aktif degil)
    (?:konto|brevl.{1,2}da|postkasse|anv.{1,2}ndare|bruger|bruker)\w*.{0,40}(?:inaktiv|sp.{1,2}rrad|avst.{1,2}ngd|lukket|sperret|deaktiv|st.{1,2}ngd)
"""

NO_USER: Final = r"""
    (?:unbekannte|ung.{1,2}ltige|kein|falsche|nicht existierende)[mnrs]?(?: solche[rs]?)?(?: \w+)? (?:empf.{1,2}nger|benutzer|nutzer|adresse|email|mailadresse|postfach|mailbox|konto|account|user|teilnehmer)
    (?:empf.{1,2}nger|benutzer|nutzer|adresse|postfach|konto|account|user|teilnehmer)\w*\b.{0,60}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|existent|verf.{1,2}gbar|g.{1,2}ltig|zustellbar|erreichbar|angelegt|ermittelt|existiert)|ung.{1,2}ltig|gibt es nicht|unzustellbar)
    existiert nicht|gibt es hier nicht|empf.{1,2}nger unbekannt
    (?:utilisateur|destinataire|adresse|bo.?te|compte|usager|mailbox|abonn.)\w*\b.{0,60}(?:inconnu|inexistant|invalide|introuvable|n.?.?existe|non trouv|incorrect|n.est pas (?:valide|connu|reconnu)|non valide|erron)
    n.?existe (?:pas|plus)|(?:aucun|pas d.) ?(?:utilisateur|destinataire|compte|bo.te|adresse)|inconnu a cette adresse
    (?:no|n.{1,2}o|non) (?:existe|esiste|hay (?:ning|usuario)|se (?:encuentra|encontr|ha encontrado)|(?:foi |e |fue |ha sido |estato )?(?:encontrad|localizad|cadastrad|trovat|riconosciut))
    (?:usuario|usu.rio|destinat.ri[oa]|cuenta|buz.n|casilla|direcci.n|correo|conta|caixa|endere.o|utente|casella|indirizzo|recipiente)\b.{0,50}(?:inexistente|desconocid|desconhecid|sconosciut|inv.{1,2}lid|no (?:es )?v.lid|n.o (?:e )?v.lid|non (?:e )?valid|no encontrad|incorrect|errat)
    (?:desconocid|desconhecid|sconosciut|inexistente|inv.{1,2}lid)[oa]? (?:usuario|destinatari|utente|casella)|nessun (?:utente|destinatario)|nenhum usu.rio|ningun usuario
    (?:gebruiker|ontvanger|adres|emailadres|mailbox|postvak|account|geadresseerde)\b.{0,50}(?:onbekend|bestaat niet|niet (?:gevonden|bekend|geldig)|ongeldig)|onbekende (?:gebruiker|ontvanger)|geen (?:gebruiker|mailbox)|bestaat niet
    (?:u.ytkownik|odbiorc|adres|skrzynk|kont)\w*\b.{0,50}(?:nieznan|nie (?:istnieje|znalezion|zosta|odnalezion)|nieprawid|b.{1,2}dn)|nie ma tak|nieznany (?:u.ytk|odbior|adres)|nie istnieje|brak (?:takiego |takiej )?(?:u.ytkownika|skrzynki|konta|odbiorcy)
    neexistuj|nezn.m\w* (?:u.ivatel|p.{1,2}jemc|adres)|(?:u.ivatel|p.{1,2}jemc|schr.{1,2}nk|adres)\w*.{0,40}(?:nezn.m|nenalezen|neplatn)|ismeretlen (?:felhaszn|c.mzett|postafi)|nem l.tez|nincs ilyen
    nu exist|(?:utilizator|destinatar|adres|cont)\w*.{0,30}(?:necunoscut|inexistent)|(?:непозна|неизвест)\w* (?:потреб|получ|адрес|корисн|польз)\w*|не (?:съществува|постоји|постои)
    (?:пользовател|получател|адрес|ящик|аккаунт|уч[её]тн|користувач|одержувач|отримувач|скриньк|потребител)\w*\b.{0,60}(?:не (?:найден|существует|зарегистр|знайден|існує|обнаружен|действителен)|невідом|неизвест|отсутств|невер|недейств)
    (?:нет|немає|няма) так|не существует|не існує|не найден
    (?:kullanici|alici|adres|kutusu|hesap|hesab)\w*\b.{0,40}(?:bulunamadi|bulunmuyor|bulunmamak|\byok|gecersiz|bilinmiyor|mevcut degil)|boyle bir|(?:gecersiz|bilinmeyen) (?:alici|kullanici|adres)
    (?:ok.{1,2}nd|ukendt|ukjent)\w* (?:anv|mott|brug|modt|bruk|adr)|finns (?:inte|ej)|(?:findes|finnes|eksisterer) ikke|existerar (?:inte|ej)
    (?:anv.{1,2}ndare|mottagare|bruger|modtager|bruker|mottaker|adress|brevl.{1,2}da|postkasse)\w*\b.{0,40}(?:ok.{1,2}nd|ukendt|ukjent|ogiltig|ugyldig|saknas|hittades inte|ikke fundet)
    (?:k.{1,2}ytt.{1,2}j.|vastaanottaja|osoite|postilaatikko)\w*.{0,40}(?:ei (?:ole|l.{1,2}y)|tuntemat)|tuntematon (?:k.{1,2}ytt|vastaanott|osoite)|αγνωστ\w* (?:χρηστ|παραληπτ|διευθ)|(?:χρηστ|παραληπτ|διευθυνσ|γραμματοκ)\w*.{0,30}(?:αγνωστ|ακυρ)|δεν (?:υπαρχει|βρεθηκε)
    (?:用户|用戶|使用者|收件人|收信人|收件者|帐号|帐户|账号|账户|帳號|帳戶|邮箱|郵箱|信箱|地址|邮件人).{0,14}(?:不存在|未找到|找不到|没找到|无效|無效|未知|不正确|不正確|错误|錯誤|不可用|未注册|没有)
    (?:无此|無此|没有此|没有该|沒有此|没有这个|不存在的?|无效的?|無效的?|未知的?|找不到)(?:该|此)?(?:用户|用戶|使用者|收件人|收信人|收件者|帐号|账号|帐户|账户|帳號|邮箱|郵箱|信箱|地址)|查无此人|查無此人|不存在
    (?:ユーザー?|宛先|受信者|アドレス|メールボックス|アカウント|利用者).{0,18}(?:存在し|見つかり|不明|無効|ありません|登録されて|間違|見当たり)|宛先不明|存在しません
    (?:사용자|수신자|받는 ?사람|메일 ?주소|계정|메일함|사서함|주소|아이디).{0,14}(?:없|존재하지|찾을 수|알 수|잘못|유효하지)|존재하지 않|없는 (?:사용자|계정|메일)
    غير (?:موجود|معروف|صحيح)|لا يوجد|(?:לא|אינו|אינה) (?:קיימ?ת?|נמצא|ידוע|תקי)|khong (?:ton tai|tim thay|hop le)|ไม่พบ|ไม่มี|tidak (?:ditemukan|dikenal|ada\b|terdaftar|valid)
"""
