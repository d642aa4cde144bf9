"""Every event that the program logs: its level, what it means, and what an operator does about it.

`deploy/operating.md` lists them; a test holds code, this list and that page together.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from services.settings.service import LogLevel


class LogEvent(NamedTuple):
    """One event; a warning or error says what to do, in Chinese and English."""

    level: LogLevel
    zh: str
    en: str
    do_zh: str = ""
    do_en: str = ""


_REPORT_ZH: Final = "程序有缺陷：把这一行日志（含堆栈，不含个人信息）交开发者。"
_REPORT_EN: Final = "The program has a fault: hand this line with its trace, which names no person, to the developers."

EVENTS: Final[Mapping[str, LogEvent]] = MappingProxyType(
    {
        "serve.ready": LogEvent(
            "info", "服务已就绪，address 是 HTTP 地址。", "The service is ready; `address` is where it answers HTTP."
        ),
        "serve.stopping": LogEvent(
            "info",
            "收到停止信号，正做完手头的工作再结束。",
            "Asked to stop; the work in hand is finished first.",
        ),
        "judging.began": LogEvent(
            "info",
            "判定与视图的进程已启动，process 是其进程号。",
            "The process that judges and feeds the views began; `process` is its id.",
        ),
        "judging.ended": LogEvent(
            "error",
            "判定与视图的进程意外结束（exit_code，负数为信号），稍后自动重启；入账照常，预警不漏不重，只是推迟。",
            "The process that judges and feeds the views ended by itself (`exit_code`, negative for a signal) and is "
            "begun again in a moment; recording goes on, and alerts come later, each once.",
            "偶尔一次可不理会；exit_code 为 -9 多因内存不足，请加内存；反复出现时按它之前的日志行处理，并交开发者。",
            "Once in a while it may be ignored; -9 mostly means that memory ran out: add some. If it comes again and "
            "again, do what the lines before it say, and hand them to the developers.",
        ),
        "judging.not_begun": LogEvent(
            "error",
            "判定与视图的进程不能启动，不断重试；入账照常，判定与视图停顿。",
            "The process that judges and feeds the views cannot begin and is tried again; recording goes on, while "
            "judging and views stand still.",
            "按 reason 处理，多为内存、磁盘空间、权限或进程数；恢复后自动继续。",
            "Do what `reason` says: mostly memory, disk space, rights or how many processes may run; it goes on by "
            "itself.",
        ),
        "alert.not_shown": LogEvent(
            "error",
            "预警已入账，但未能写到标准输出。",
            "An alert is recorded but could not be written to standard output.",
            "多为读取输出的程序已结束：重启 serve；入账的预警见 taizhang alerts。",
            "Mostly the program that read the output is gone: restart serve; taizhang alerts shows what is recorded.",
        ),
        "watch.began": LogEvent(
            "info",
            "开始监看一个区县，从 position 号之后继续。",
            "The watch of a district began, after number `position`.",
        ),
        "watch.no_rulebook": LogEvent(
            "info",
            "该区县没有规则书，只入账不判定。",
            "The district has no rulebook: its facts are recorded and not judged.",
        ),
        "watch.rulebook_unusable": LogEvent(
            "error",
            "规则书有错，该区县未被监看，直到重启。",
            "A rulebook is faulty, and its district is not watched until the next start.",
            "运行 taizhang rules --lint --district 区县，改正后重启 serve；其间入账照常，重启后补判。",
            "Run taizhang rules --lint --district D, mend what it names, and restart serve; what is recorded meanwhile "
            "is judged then.",
        ),
        "watch.fact_parked": LogEvent(
            "error",
            "一个事实无法判定，已搁置；其余照常。",
            "One fact could not be judged and was set aside; the others are judged.",
            _REPORT_ZH + "修复后运行 taizhang parked --replay --district xinzhou，重新判定全部事实。",
            _REPORT_EN + " Once mended, run taizhang parked --replay --district xinzhou: every fact is judged anew.",
        ),
        "watch.begins_anew": LogEvent(
            "info",
            "所存状态已按要求清除，本区县自第一个事实起重新判定；预警不会重复。",
            "What was saved was thrown away on request; the district is judged anew, and no alert is repeated.",
        ),
        "watch.interrupted": LogEvent(
            "error",
            "账册或视图暂不可用，监看停顿并不断重试；不丢失任何事实。",
            "The ledger or the views cannot be used for now; the watch pauses and tries again. Nothing is lost.",
            "按 reason 处理（多为磁盘已满、权限或文件被占用）；恢复后自动继续。视图损坏可删去，账册损坏见备份恢复。",
            "Do what `reason` says, mostly disk space, permissions or a held file; it goes on by itself. Damaged "
            "views may be deleted; for a damaged ledger see restoring.",
        ),
        "watch.failed": LogEvent(
            "error",
            "监看出错，从上次保存处重试。",
            "The watch failed and begins again from what was saved.",
            _REPORT_ZH + "若反复出现，重启 serve。",
            _REPORT_EN + " If it comes again and again, restart serve.",
        ),
        "watch.policy_missing": LogEvent(
            "error",
            "已采用的内部设置文本缺失，本区县的判定停在采用它的事实之前；入账照常。",
            "The text of adopted house settings is missing; the district is judged no further than the fact before "
            "their adoption, while recording goes on.",
            "从备份放回 policies.sqlite，或用原文件执行 taizhang policy adopt；随后自动继续，不漏一条预警。",
            "Put policies.sqlite back from a back-up, or run taizhang policy adopt with the same file; it goes on by "
            "itself then, and no alert is lost.",
        ),
        "worker.district_failed": LogEvent(
            "error",
            "一个区县的监看或视图出错，其余照常；数秒后从上次保存处重试。",
            "The watch or the views of one district failed, the others go on; it is tried again from what was saved.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "worker.ready": LogEvent(
            "info",
            "工作进程已就绪，address 是探测与指标的地址。",
            "The worker is ready; `address` is where it answers probes and metrics.",
        ),
        "worker.nothing_to_prepare": LogEvent(
            "info",
            "本区县已由（或曾由）同一版本的工作进程持有，判定与其相同，无须准备；切换后可停止准备的进程。",
            "A worker of this very version has the district, or had it, so there is nothing to prepare in it; once all "
            "have taken over, stop those that prepare.",
        ),
        "worker.stopping": LogEvent(
            "info",
            "收到停止信号，做完手头的一批再交还区县。",
            "Asked to stop; the batch in hand is finished, then the districts are given back.",
        ),
        "worker.assigned": LogEvent(
            "info",
            "分得主题的若干分区，开始或继续处理其中区县。",
            "Partitions of the topic were assigned; their districts are worked on from now on.",
        ),
        "worker.bus_interrupted": LogEvent(
            "error",
            "与 Kafka 的连接中断，不断重试；已分得的区县照常由账册判定。",
            "The connection to Kafka broke and is tried again; districts assigned before are judged from the ledger "
            "all the same.",
            "按 reason 处理（地址、证书、主题是否已建立：taizhang topics）；恢复后自动继续。",
            "Do what `reason` says: address, certificates, whether the topic is there (taizhang topics); it goes on by "
            "itself.",
        ),
        "worker.farewell_unanswered": LogEvent(
            "warning",
            "向 Kafka 道别时，它在 seconds 秒内没有应答，不再等待；不丢失任何事实。",
            "Kafka did not answer within `seconds` when the worker took leave of it, and is waited for no longer. "
            "Nothing is lost.",
            "查看 Kafka 与网络；本进程的分区约十秒后由其他工作进程接手。",
            "Look at Kafka and the network; other workers get the partitions after some ten seconds.",
        ),
        "worker.interrupted": LogEvent(
            "error",
            "账册或视图数据库暂不可用，处理停顿并不断重试；不丢失任何事实。",
            "The database of ledger or views cannot be used for now; work pauses and is tried again. Nothing is lost.",
            "按 reason 处理，多为数据库停止、网络或磁盘；恢复后自动继续。",
            "Do what `reason` says: mostly the database, the network or a disk; it goes on by itself.",
        ),
        "worker.failed": LogEvent(
            "error",
            "工作线程出错，从上次保存处重试。",
            "A thread of the worker failed and begins again from what was saved.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "worker.district_lost": LogEvent(
            "info",
            "该区县已由其他工作进程接手，本进程不再处理。",
            "Another worker has a district now, and this one leaves it alone.",
        ),
        "policy.altered": LogEvent(
            "error",
            "保存的内部设置文本与其摘要值不符，视同缺失。",
            "A kept text of house settings has another hash than it is kept under, and counts as missing.",
            "有人改动了 policies.sqlite：查明经过，并从备份放回。",
            "Somebody changed policies.sqlite: find out who, and put it back from a back-up.",
        ),
        "policy.unreadable": LogEvent(
            "error",
            "保存的内部设置读不出来，视同缺失。",
            "Kept house settings cannot be read, and count as missing.",
            "按 reason 处理：检查 policies.sqlite 的权限与磁盘，或从备份放回；旧格式的设置请改写后重新采用。",
            "Do what `reason` says: check rights and disk of policies.sqlite or put it back from a back-up; settings "
            "of an older form are to be rewritten and adopted anew.",
        ),
        "escalation.nobody_to_tell": LogEvent(
            "warning",
            "预警已到升级时点，但名册中该级及以上各级均无人，未能告知任何人。",
            "An alert is due to climb a step, but the roster names nobody at it or above; nobody was told.",
            "补录有关岗位的任职与领导分工（taizhang policy explain 指出空缺），并另行告知应知悉的人。",
            "Record who holds the posts and who is in charge of what (taizhang policy explain shows the gaps), and "
            "tell those concerned by other means.",
        ),
        "alert.recorded_by_another_version": LogEvent(
            "info",
            "同一预警事实已由另一版本的程序入账，沿用已入账的。",
            "Another version of the program recorded this alert fact before; that one stands.",
        ),
        "alert.not_recorded": LogEvent(
            "error",
            "预警事实未能入账，已保存，不断重试。",
            "An alert fact could not be recorded; it is saved and tried again.",
            "按 zh 所述处理（如时钟倒退、磁盘已满）；恢复后自动入账。",
            "Do what `en` says, such as a clock that was set back or a full disk; it is recorded by itself then.",
        ),
        "clock.not_recorded": LogEvent(
            "error",
            "到期时点未能入账，期限判定推迟，不断重试。",
            "A due moment could not be recorded, so deadlines are judged later; it is tried again.",
            "按 zh 所述处理，多为本机时钟早于最后入账时间：校正时钟（NTP）。",
            "Do what `en` says: mostly this machine's clock stands before the last fact; set it right (NTP).",
        ),
        "checkpoint.signed": LogEvent(
            "info",
            "已签署一个区县的检查点，size 是事实数。",
            "A checkpoint of a district was signed; `size` is the number of facts.",
        ),
        "checkpoint.refused": LogEvent(
            "error",
            "检查点没有签署，原因见 reason；账册可能被改动或换成了旧的。",
            "No checkpoint was signed, for the reason given; the ledger may have been changed or be an old copy.",
            "code 为 checkpoint.ledger_* 或 checkpoint.two_trees 时保全现场，运行 taizhang verify 并告知纪检；"
            "signing_key.* 时放回原来的 checkpoint.key。",
            "For checkpoint.ledger_* or checkpoint.two_trees preserve everything, run taizhang verify and tell the "
            "inspectors; for signing_key.* put back the checkpoint.key as it was.",
        ),
        "checkpoint.not_written": LogEvent(
            "error",
            "检查点或密钥不能读写，没有签署；不断重试。",
            "Checkpoint or key cannot be read or written, so none was signed; it is tried again.",
            "按 reason 检查数据文件夹的磁盘空间和权限；恢复后自动签署。",
            "Check disk space and permissions of the data folder as `reason` says; it is signed by itself then.",
        ),
        "checkpoint.interrupted": LogEvent(
            "error",
            "账册暂不可读，检查点推迟签署；不断重试。",
            "The ledger cannot be read for now, so checkpoints are signed later; it is tried again.",
            "按 reason 处理；恢复后自动签署。",
            "Do what `reason` says; it is signed by itself then.",
        ),
        "checkpoint.failed": LogEvent(
            "error",
            "签署检查点出错；不断重试。",
            "Signing a checkpoint failed; it is tried again.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "view.begun": LogEvent(
            "debug", "开始建立一个视图。", "A view began to be built, beside the live one if `beside`."
        ),
        "view.switched": LogEvent(
            "info", "新建的视图已赶上并切换启用。", "A view that was built beside has caught up and now answers."
        ),
        "views.interrupted": LogEvent(
            "error",
            "视图暂不能更新，页面显示的是较早的状态；不断重试。",
            "The views cannot be brought up to date for now and show an earlier state; it is tried again.",
            "按 reason 处理；视图文件损坏时停止 serve、删去后重启，会重建。",
            "Do what `reason` says; a damaged file of views may be deleted while serve is stopped and is built anew.",
        ),
        "views.failed": LogEvent(
            "error",
            "更新视图时出错，从上次保存处重试。",
            "Bringing the views up to date failed; it begins again from what was saved.",
            _REPORT_ZH + "可运行 taizhang views rebuild。",
            _REPORT_EN + " taizhang views rebuild may help.",
        ),
        "recording.fault": LogEvent(
            "error",
            "判断一次录入时出错，该请求被拒绝，其余不受影响。",
            "Deciding one request failed; it was refused, and the others went in.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "preview.fact_not_judged": LogEvent(
            "error",
            "预演时有一个事实无法判定；没有写入任何内容。",
            "A fact could not be judged in a preview; nothing was written.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "replay.fact_not_judged": LogEvent(
            "error",
            "重放时有一个事实无法判定，已略过；账册不受影响。",
            "A fact could not be judged in a replay and was passed over; the ledger is untouched.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "writer_socket.fault": LogEvent(
            "error",
            "本机另一进程的请求出错，已答复失败。",
            "A request of another process of this machine failed and was answered so.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "relay.began": LogEvent(
            "info",
            "本转发程序取得租约，开始向 Kafka 发送；epoch 逐次递增。",
            "This relay has the lease and publishes to Kafka; `epoch` grows each time.",
        ),
        "relay.standing_by": LogEvent(
            "info",
            "另一转发程序正在发送，本程序待命，其停止后自动接替。",
            "Another relay publishes; this one stands by and takes over when it is gone.",
        ),
        "relay.cannot_take_over": LogEvent(
            "error",
            "本程序待命，但此刻不能接替：连不上 Kafka、没有主题或无权写入，原因见 zh；另一程序照常发送。",
            "This relay stands by and could not take over now: it does not reach Kafka, there is no topic, or it may "
            "not write, as `en` says; the other one goes on publishing.",
            "按 zh 所述处理：核对本程序的 TAIZHANG_KAFKA 各项设置、证书与权限，改设置后重启它；半分钟内重新检查。",
            "Do what `en` says: compare this relay's settings TAIZHANG_KAFKA..., certificates and rights, and restart "
            "it where settings change; it looks again within half a minute.",
        ),
        "relay.can_take_over": LogEvent(
            "info",
            "本程序待命，先前的障碍已除，可以接替。",
            "This relay stands by; what hindered it is gone, and it could take over.",
        ),
        "relay.ended": LogEvent(
            "info", "转发程序正常停止，租约已交出。", "The relay stopped in good order and gave the lease up."
        ),
        "relay.lease_lost": LogEvent(
            "warning",
            "租约已被另一转发程序取得，本程序转为待命；已发未记的事实会重发，序号可辨。",
            "Another relay took the lease over; this one stands by. What was sent and not noted is sent again, and its "
            "sequence tells so.",
            "偶尔出现可不理会；反复出现说明本机或数据库常停顿超过 10 秒，请查负载与网络。",
            "Now and then it may be ignored; again and again it means that this machine or the database stands still "
            "for more than 10 seconds: look at load and network.",
        ),
        "relay.broker_unusable": LogEvent(
            "error",
            "Kafka 不可用，发送停顿并不断重试；事实都在账册中，不会丢失。",
            "Kafka cannot be used, publishing pauses and is tried again; the facts are in the ledger and none is lost.",
            "按 zh 所述处理：检查 Kafka、TAIZHANG_KAFKA 各项设置、证书与权限；恢复后自动继续。",
            "Do what `en` says: look at Kafka, the settings TAIZHANG_KAFKA..., certificates and rights; it goes on by "
            "itself then.",
        ),
        "relay.ahead_of_ledger": LogEvent(
            "error",
            "已发送的序号超过账册，账册可能恢复自较早的备份；该区县其后的事实在序号追上之前不会发送。",
            "More was published than the ledger holds: it may come from an earlier back-up. Facts of the district are "
            "not published until its sequence catches up.",
            "换一个主题名（TAIZHANG_KAFKA_TOPIC）并运行 taizhang topics，从头发送；订阅方须清空后重新接收。",
            "Take another topic name (TAIZHANG_KAFKA_TOPIC), run taizhang topics and publish from the beginning; who "
            "listens has to begin anew.",
        ),
        "database.away_at_start": LogEvent(
            "warning",
            "启动时数据库不在，本进程等候它，没有时限；其间存活探测为通过，就绪探测为 503，不应答其他请求。",
            "The database is not there when this process starts, which waits for it without a limit; meanwhile its "
            "liveness probe passes, readiness is 503, and nothing else is answered.",
            "按 reason 检查数据库服务器、网络、TAIZHANG_DATABASE 的主机、端口与 TLS；恢复后自动继续，不必重启。",
            "Look at the database server, the network, and host, port and TLS in TAIZHANG_DATABASE as `reason` says; "
            "it goes on by itself, no restart is needed.",
        ),
        "database.found": LogEvent(
            "info",
            "启动时等候的数据库已可连接，继续启动。",
            "The database that was awaited at start is there, and the start goes on.",
        ),
        "database.awaited": LogEvent(
            "warning",
            "与数据库的连接中断或被拒，正在重试，至多 30 秒；已确认的不丢失，未确认的不重复。",
            "The connection to the database was lost or refused and is tried again, for 30 s at most; what was "
            "acknowledged is not lost, what was not is not repeated.",
            "按 reason 检查数据库服务器、网络和连接数；主备切换时会自行恢复。",
            "Look at the database server, the network and the number of connections as `reason` says; a failover ends "
            "by itself.",
        ),
        "relay.interrupted": LogEvent(
            "error",
            "账册或数据库暂不可用，发送停顿并不断重试。",
            "Ledger or database cannot be used for now; publishing pauses and is tried again.",
            "按 reason 处理；恢复后自动继续，不丢失任何事实。",
            "Do what `reason` says; it goes on by itself then, and nothing is lost.",
        ),
        "relay.failed": LogEvent(
            "error",
            "转发出错，从上次记下的位置重试。",
            "The relay failed and begins again from the position it kept.",
            _REPORT_ZH + "若反复出现，重启 relay。",
            _REPORT_EN + " If it comes again and again, restart the relay.",
        ),
        "relay.no_ledger": LogEvent(
            "info",
            "尚无账册，转发程序等候第一个事实入账。",
            "There is no ledger yet; the relay waits until somebody records the first fact.",
        ),
        "relay.ready": LogEvent(
            "info", "转发程序已就绪，address 是其指标地址。", "The relay is ready; `address` is where its figures are."
        ),
        "relay.stopping": LogEvent(
            "info", "收到停止信号，发完在途的消息再结束。", "Asked to stop; what is under way arrives first."
        ),
        "http.failed": LogEvent(
            "error",
            "一次 HTTP 请求出错，已答复 500，id 与答复中的相同。",
            "A request over HTTP failed and was answered with 500; `id` is that of the answer.",
            _REPORT_ZH,
            _REPORT_EN,
        ),
        "http.ledger": LogEvent(
            "error",
            "账册不可用，HTTP 请求答复 503。",
            "The ledger could not be used, so requests are answered with 503.",
            "按 zh 所述处理；恢复后无需重启。",
            "Do what `en` says; no restart is needed.",
        ),
        "http.views": LogEvent(
            "error",
            "视图不可用，HTTP 请求答复 503。",
            "The views could not be used, so requests are answered with 503.",
            "按 reason 处理；视图损坏时停止 serve、删去后重启，会重建。",
            "Do what `reason` says; damaged views may be deleted while serve is stopped and are built anew.",
        ),
        "traces.not_sent": LogEvent(
            "warning",
            "链路跟踪发不到采集器，其间的跨度丢弃；入账、判定和预警不受影响。只在中断开始时写这一行。",
            "Spans cannot be sent to the collector and are dropped meanwhile; recording, judging and alerts are not "
            "touched. This line comes once, when the outage begins.",
            "按 reason 检查采集器、网络与 TAIZHANG_TRACES_ENDPOINT、_HEADERS、_CA 各项设置；恢复后自动继续。",
            "Look at the collector, the network and the settings TAIZHANG_TRACES_ENDPOINT, _HEADERS and _CA as "
            "`reason` says; it goes on by itself.",
        ),
        "traces.sent_again": LogEvent(
            "info",
            "采集器恢复，链路跟踪继续发送。",
            "The collector takes spans again.",
        ),
        "library.warned": LogEvent(
            "warning",
            "所用库的提醒，library 是库名，内容见 message，如不合 HTTP 的请求、Kafka 断线重连。",
            "A warning of a library (`library`), told in `message`: a request that is no HTTP, Kafka out of reach.",
            "偶尔出现可不理会；HTTP 的持续出现时查明来源，在前置代理处限制；Kafka 的持续出现时检查 Kafka 与网络。",
            "Now and then it may be ignored; if it goes on, for HTTP find out where it comes from and limit it at the "
            "proxy, for Kafka look at Kafka and the network.",
        ),
        "library.failed": LogEvent(
            "error",
            "所用库出错，library 是库名，内容见 message。",
            "A library failed (`library`), as `message` tells.",
            "library 为 kafka 的检查 Kafka 与网络，恢复后自动继续；其他为程序缺陷：把这一行日志交开发者。",
            "Where `library` is kafka, look at Kafka and the network, it goes on by itself then; otherwise the program "
            "has a fault: hand this line to the developers.",
        ),
        "access.not_noted": LogEvent(
            "error",
            "一次查阅、导出或被拒没有记入查阅账册，原因见 code。",
            "A reading, export or refusal could not be noted in the access ledger; `code` says why.",
            "检查查阅账册所在文件夹的磁盘空间和权限；缺记的时段请向纪检说明，本日志留存备查。",
            "Check disk space and permissions of the access ledger's folder; tell the inspectors of the gap, and keep "
            "this log.",
        ),
    }
)


def events_table() -> str:
    """Return the events as the Markdown table of `deploy/operating.md`."""
    lines = ["| 事件 event | 级别 level | 含义 meaning | 怎么办 what to do |", "|---|---|---|---|"]
    for name, event in sorted(EVENTS.items()):
        what_to_do = f"{event.do_zh}<br>{event.do_en}" if event.do_zh else "—"
        lines.append(f"| `{name}` | {event.level} | {event.zh}<br>{event.en} | {what_to_do} |")
    return "\n".join(lines) + "\n"
