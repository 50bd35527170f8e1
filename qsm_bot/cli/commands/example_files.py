"""The files that `qsm-bot init` writes."""

_SETTINGS = """\
# Settings of qsm-bot. The environment (QSM_…) and .env win over this file.
# qsm-bot の設定。環境変数（QSM_…）と .env が優先されます。

# The portal. A host other than this machine is only acted on with live = true.
# ポータル。このPC以外のホストで拒否を実行するには live = true が必要です。
portal_url = "https://qsm.qoo10.jp"
live = false

# Sign-in. `qsm-bot login` lets a person sign in and keeps that; `secret set` keeps a password.
# ログイン。`qsm-bot login` で人がログインして保存。パスワードの保存は `qsm-bot secret set`。
login_id = ""
# The shop name that the portal must show. / 画面に表示されるショップ名（照合用）
shop_name = ""

# Rules file, relative to this file. / ルールファイル（このファイルからの相対パス）
rules = "rules.toml"

# How long a plan may be applied, in minutes. / 計画の有効時間（分）
plan_minutes = 60
# run_minutes = 60                # then no further order is begun / 以後は次の注文を始めない

# Browser: "chromium" (whichever is there), "chrome", "msedge", or a path.
browser = "chromium"
headless = true

# strict: at most one refusal request leaves per order (recommended). count | off
fuse = "strict"

# What was refused must be shipped the same day (qsm-bot duty); the hours are Japan's.
# 拒否した注文は当日中に発送が必要です（qsm-bot duty）。時刻は日本時間です。
duty_warn_hour = 18               # at risk from then on / この時刻から「期限間近」
# cutoff = "16:00"                # no refusal is begun later / 以降は拒否を始めない
# carrier_cutoff = "17:00"        # the carrier's last call / 最終の集荷時刻
# closed_days = ["sun", "holiday", "new_year", "2026-08-13"]   # 休業日（集荷も定期実行もなし）
# carrier_gone = "stop"           # else it is a warning / 集荷がなければ拒否しない（既定は警告）

# Rounds by the clock: qsm-bot watch, or qsm-bot schedule install. Not on closed_days.
# 定期実行（日本時間）: qsm-bot watch、または qsm-bot schedule install。休業日は実行しません。
# schedule_at = ["09:00", "13:00"]  # or / または: schedule_every = "15m"
# schedule_hours = "09:00-18:00"
# schedule_days = ["mon", "tue", "wed", "thu", "fri"]
# catch_up_minutes = 60           # how late a missed one may begin / 遅れて実行してよい分数

# QAPI, if the shop has a key (`qsm-bot secret set --qapi`): a second look after each refusal,
# `list --by qapi`, `ship`. The key ends after a year without notice: name its day of issue.
# QAPI のキーがある場合: 拒否後の照合・`list --by qapi`・`ship`。
# キーは通知なく1年で失効します（発行日を記入）。
# qapi_key_issued = 2026-04-01

# Messages when a person is needed, to apprise URLs (they hold tokens: rather set QSM_NOTIFY).
# No buyer's data is sent. `qsm-bot notify test` tries them.
# 人の対応が必要なときの通知先（apprise のURL。秘密を含むため環境変数 QSM_NOTIFY も可）。
# お客様の情報は送りません。確認は `qsm-bot notify test`。
# notify = "slack://TokenA/TokenB/TokenC"
# notify_quiet = "22:00-07:00"    # JST; urgent ones pass / この時間帯は緊急のみ
# notify_repeat_hours = 12        # the same thing again / 同じ内容の再通知まで

# The shop's own facts about orders, which support a refusal: qsm-bot evidence check
# 拒否の裏付けになる自社データ（受注・倉庫ツールのCSV/Excel）。qsm-bot evidence check で点検します。
#
# [[evidence]]
# kind = "folder"                 # the newest file counts / 最新のファイルを使う
# path = "exports"                # relative to this file / このファイルからの相対パス
# pattern = "出荷*.csv"           # .csv .tsv .xlsx
# max_age_hours = 24              # older: to a person / これより古ければ確認が必要
#
# [[evidence]]
# kind = "file"
# path = "出荷データ.xlsx"
# sheet = "出荷"
# columns = { order_no = "受注番号", tracking_no = "伝票番号" }   # other headings / 見出しの指定
# extra_columns = ["棚番"]        # further columns to keep / ほかに読む列
#
# [[evidence]]
# kind = "qapi"                   # shipments by QAPI, needs its key / QAPI の発送情報（要キー）
# days = 30

# Several shops: each table's keys win over those above; choose with --shop NAME.
# 複数ショップ: --shop NAME で選択します。
# [shops.tokyo]
# login_id = ""
# shop_name = ""
# [[shops.tokyo.evidence]]        # in place of those above / 上の [[evidence]] の代わり
# kind = "file"
# path = "tokyo.csv"
"""

_RULES = """\
# Which cancel requests are refused, and why. Nothing matched = left alone.
# どのキャンセル要請を、どの理由で拒否するか。該当しないものには何もしません。
#
# The buyer reads the reason at once, it cannot be taken back, and the order must be
# shipped the same day. Refuse only what is true.
# 理由は直ちにお客様へ通知され、取り消せません。当日中の発送が必要です。

schema = 1

[limits]
max_count = 20     # refusals per plan / 1計画あたりの上限件数
max_share = 0.5    # of the open requests … / 要請全体に占める割合の上限
share_from = 10    # … from this many on / 割合の判定を始める件数

# reason: shipped 商品発送完了 | ready 発送準備完了 | made_to_order 注文制作商品 | other その他
# Each demands facts of [[evidence]] in qsm-bot.toml, or orders by number: then you vouch.
# 理由ごとに自社データの裏付けが必要です（注文番号での指定は、記入者が保証）。
# Check: qsm-bot rules check / Excel: qsm-bot rules export rules.xlsx
#
# [[rule]]
# name = "has a tracking number"
# reason = "shipped"
# evidence = { tracking_no = true }   # 送り状番号と配送会社が分かるもの
#
# [[rule]]
# name = "packed, not handed over"
# reason = "ready"
# evidence = { packed = true, max_packed_days = 1, tracking_no = false }   # 梱包済み
#
# [[rule]]
# name = "handed over this morning"
# reason = "shipped"
# orders = ["762544202"]          # these order numbers / 注文番号で指定
#
# [[rule]]
# name = "engraved items"
# reason = "made_to_order"
# [rule.when]                     # all must hold; * stands for any text
# item_name = ["*名入れ*"]
# max_age_days = 3
#
# [[rule]]
# name = "custom sizes"
# reason = "other"
# text = "「{item_name}」は既に裁断を開始しており、キャンセルをお受けできません。ご了承ください。"
# [rule.when]
# option = ["*オーダー*"]
"""

EXAMPLES = {"qsm-bot.toml": _SETTINGS, "rules.toml": _RULES}
