package api

import "pinhuo/freight"

// reasonWords says each reason in Chinese and in English, as the end of a
// sentence about one truck and one load.
var reasonWords = map[freight.Reason][2]string{
	freight.ReasonOffRoad:        {"装货点或卸货点离路网太远，这趟车到不了", "a stop of the load is too far from the roads that the trip drives"},
	freight.ReasonNoCandidate:    {"附近没有时间合适的车", "no trip comes near in place and time"},
	freight.ReasonEquipment:      {"车辆缺少所需设备", "the vehicle lacks required equipment"},
	freight.ReasonPiece:          {"有货件放不进车厢或车门", "a piece does not fit the vehicle's inner box or its door"},
	freight.ReasonDeckLoad:       {"货太重，超过车厢底板每米承重", "it is heavier on a metre of deck than the vehicle bears"},
	freight.ReasonWindowPickup:   {"赶不上装货时间", "it cannot be there before pickup closes"},
	freight.ReasonWindowDelivery: {"赶不上卸货时间", "it cannot be there before delivery closes"},
	freight.ReasonCalendar:       {"会耽误该车后面的站点", "a later stop of the trip would be late"},
	freight.ReasonRiderDelay:     {"会耽误已承诺的其他货", "a load already promised would be late"},
	freight.ReasonGate:           {"到的时候大门不开，等开门就来不及", "a place on the way is shut when it would be there, and waiting takes too long"},
	freight.ReasonBan:            {"到站点时正值货车限行，等到能进就来不及（只按站点判断，不看途中）", "trucks of its kind are banned at one of its places when it would be there, and waiting takes too long (judged at stops only, not on the way)"},
	freight.ReasonHours:          {"司机按规定要休息，时间不够", "the rests that its drivers must take leave too little time"},
	freight.ReasonWeight:         {"超重", "it is too heavy on some leg"},
	freight.ReasonVolume:         {"超方", "it is too bulky on some leg"},
	freight.ReasonDeck:           {"车厢长度不够", "it is too long for the floor on some leg"},
	freight.ReasonUnloadOrder:    {"只能从车尾装卸，先装后卸会被别的货挡住", "with doors at the rear alone another load would be in its way, or it in another's"},
	freight.ReasonTemperature:    {"与车上其他货的温度要求不同", "something aboard wants another temperature"},
	freight.ReasonHazmat:         {"危险品不能与车上其他货同车", "dangerous goods may not ride with what is aboard"},
	freight.ReasonFood:           {"危险品不能与食品同车", "dangerous goods may not ride beside food"},
	freight.ReasonStops:          {"加的停靠站太多", "it needs more extra stops than the operator accepts"},
	freight.ReasonDetourDistance: {"绕行里程太长", "the detour is longer than the operator accepts"},
	freight.ReasonDetourTime:     {"绕行时间太长", "the detour takes more time than the operator accepts"},
	freight.ReasonPrice:          {"运价高于货主上限", "it costs more than the shipper's ceiling"},
	freight.ReasonDeclined:       {"承运方谢绝", "the operator said no"},
	freight.ReasonExpiredOffer:   {"承运方未及时回复", "the operator did not answer in time"},
	freight.ReasonTaken:          {"货或空位已被他人成交", "the load or the room went to somebody else"},
	freight.ReasonLease:          {"该行程不再接新货", "the trip no longer takes new loads"},
	freight.ReasonWithdrawn:      {"对方已撤回", "the shipper or the operator took it back"},
	freight.ReasonEdited:         {"条件已变更", "the terms changed"},
	freight.ReasonQuiet:          {"承运方免打扰（夜间、行车中或这一小时已问够）", "its operator is not to be disturbed: at night, at the wheel, or asked often enough this hour"},
	freight.ReasonQuorum:         {"同意拼车的货主不够", "too few of the pool's shippers consented"},
	freight.ReasonUnconfirmed:    {"货主要先看，没有确认", "the shipper looked first and did not say yes"},
	freight.ReasonUnrenewed:      {"货主没有确认货源仍然有效", "the shipper did not say that the load is still there"},
	freight.ReasonNoShow:         {"车到了，货没有到", "the goods were not there when the truck was"},
	freight.ReasonBrokenDown:     {"车坏在路上", "the truck broke down"},
	freight.ReasonUntaken:        {"没有承运方及时接下这趟拼车", "no operator took the pool in time"},
}

// reasonText says a reason, "" for none.
func reasonText(r freight.Reason, l lang) string { return reasonWords[r][l] }
