"""演示的来往用语: what owners say at home, at meetings and at the counter, and what they are answered."""

from __future__ import annotations

from models.complaints.analysis.targets import QualityFigure
from models.complaints.contact.mediations import Dispute
from models.complaints.contact.owner_requests import RequestKind
from models.complaints.contact.receptions import Manner
from models.complaints.kinds import Kind

REMARKS = (
    (Kind.CLEANING, "楼道周末没人扫", "已和保洁约定周六加扫一次"),
    (Kind.PARKING, "访客车辆占固定车位", "门岗已加强登记，占位的电话通知移车"),
    (Kind.GREENING, "树枝挡住二楼窗户", None),
    (Kind.SECURITY, "单元门常常没关好", None),
    (Kind.FACILITIES, "健身器材有一处松动", None),
    (Kind.FEES, "想看公摊电费怎么算的", "当场解释分摊办法，并送一份公示"),
    (Kind.NEIGHBOURS, "楼上晚上拖家具", "已记下，去楼上提醒"),
    (Kind.OTHER, "希望多办些老人活动", "已列入下季社区活动"),
)
TOPICS = "近期停水处理、电梯维保、收费公示的意见"
ANSWERS = ("已修剪完毕，业主现场看过", "闭门器已更换，试用正常", "已紧固并检查其余器材", "已办好并电话告知")
RECEPTIONS = (
    (Manner.VISIT, "咨询装修要办哪些手续", "已说明流程，给了装修申请表"),
    (Manner.VISIT, "要求查看公共收益账目", None),
    (Manner.LETTER, "建议在东门增设减速带", None),
    (Manner.PHONE, "询问充电桩安装办法", "已告知要先报电力和消防备案"),
    (Manner.MAIL, "社区发来消防宣传通知", "已转发各楼管家张贴"),
)
PROPOSALS = (
    (Kind.FACILITIES, "东门增设快递柜"),
    (Kind.PARKING, "地面车位重新划线"),
    (Kind.GREENING, "中心花园补种月季"),
    (Kind.SECURITY, "夜间东门增加一名保安"),
    (Kind.OTHER, "活动室周末延长开放"),
)
DISPUTES = (
    (Dispute.LEAK, "卫生间漏水到楼下，吊顶发霉", "楼上负责重做防水，楼下吊顶费用各半"),
    (Dispute.NOISE, "夜间孩子跑跳影响休息", "晚十点以后铺垫子、不跑跳"),
    (Dispute.OCCUPYING, "过道堆放鞋柜和纸箱", "三日内清走"),
)
REQUESTS = (
    (RequestKind.PAPERS, "办理出入卡两张", "已制卡，领取两张"),
    (RequestKind.PARKING, "办理月租车位", "已登记车牌，开通道闸"),
    (RequestKind.MOVING, "周六搬家放行", "已通知门岗，核对物品后放行"),
    (RequestKind.OTHER, "开具居住证明", "已开具并盖章"),
)
SPEECHES = (
    ("电梯最近响声大，什么时候检修？", "维保单位本周检修，结果贴在轿厢"),
    ("垃圾分类点气味大", "增加冲洗次数，早晚各一次"),
    ("公共收益能不能多用在健身设施上？", "下次业委会会议提出讨论"),
)
PROMISES = ("张贴电梯检修结果", "垃圾分类点加装遮雨棚", "向业委会书面提出公共收益使用建议")
WORK = (
    "晨检各岗位到位；处理在办投诉报修；陪同维保单位检查电梯。",
    "巡查各楼栋公共部位；核对催缴名单；与业委会沟通车位划线。",
    "回访上周已办结投诉；检查保洁夜间垃圾清运；整理业主档案。",
)
REASONS = {
    "维修": "维修来得慢，约好的时间变了两次",
    "停车": "访客车占位，停车难",
    "清洁": "周末楼道没人清扫",
    "设施": "健身器材松动",
    "收费透明": "公摊看不懂",
}
WISHES = ("增加晾晒区", "电梯口装风扇", "多办老人活动", "绿化补种")
HEARD = ("说明了整改安排，业主理解", "已按意见改进，业主认可", "上门当面解释清楚")
REMEDIES = {
    QualityFigure.HANDLING: ("等外单位答复的投诉没有催办", "每周五由主管逐件催办，答复记在单上"),
    QualityFigure.TIMELY: ("周末登记的投诉周一才分派", "周末由值班管理员当天分派"),
    QualityFigure.VISITING: ("回访都留到周末，业主不接电话", "办结次日先回访一次，未接的换时段再打"),
    QualityFigure.ARRIVAL: ("上门高峰人手不足，预约集中", "维修预约改期提前一小时电话告知，高峰加一人"),
    QualityFigure.FINISHING: ("常用配件没有备货", "水龙头、灯具、门锁按月备货"),
    QualityFigure.AGAIN: ("同一处漏水只堵不查", "返修的由班长到场查清原因再修"),
    QualityFigure.PLEASED: ("上门时间变了没有告知", "改时间先打电话，完工当面试用"),
    QualityFigure.OFTEN: ("停车和噪声的投诉集中", "门岗登记访客车辆，夜间加巡一次"),
}
MEASURES = ("维修预约改期提前一小时电话告知", "楼道保洁周末加一班", "公摊计算办法随账单附说明")
