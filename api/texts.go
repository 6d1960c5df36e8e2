package api

import (
	"errors"
	"slices"
	"strings"

	"pinhuo/freight"
)

// words is what people read of a problem: its title, what is wrong and what to
// do about it, in Chinese and in English. {field}, {value}, {min}, {max},
// {want} and {reason} are filled in; what stands in square brackets is left out when one
// of its own is empty.
type words struct{ title, what, todo [2]string }

// wordsOf holds the words of every problem.
var wordsOf = map[freight.Problem]words{
	freight.ProblemRequired: {
		[2]string{"缺少必填项", "A field is missing"},
		[2]string{"缺少必填项[“{field}”]。", "The required field[ \"{field}\"] is missing."},
		[2]string{"请补上后重新提交。", "Add it and send the request again."},
	},
	freight.ProblemMalformed: {
		[2]string{"内容无法识别", "A value cannot be read"},
		[2]string{"[“{field}”的]内容无法识别[：{value}][（应为：{want}）]。", "The value[ of \"{field}\"] cannot be read[: {value}][ (should be: {want})]."},
		[2]string{"请按接口文档的类型和格式改正后重新提交。", "Write it in the type and format of the API guide and send it again."},
	},
	freight.ProblemRange: {
		[2]string{"数值超出范围", "A value is out of range"},
		[2]string{"[“{field}”]超出允许范围[，当前为 {value}][，最小 {min}][，最大 {max}]。", "The value[ of \"{field}\"] is out of range[: {value}][; least {min}][; greatest {max}]."},
		[2]string{"请改到允许范围内后重新提交。", "Change it to an allowed value and send it again."},
	},
	freight.ProblemWindow: {
		[2]string{"时间先后颠倒", "Times are in the wrong order"},
		[2]string{"[“{field}”的]结束时间早于开始时间[：{value}]。", "The time window[ at \"{field}\"] ends before it begins[: {value}]."},
		[2]string{"请把结束时间改到开始时间之后。", "Put the end after the beginning."},
	},
	freight.ProblemPast: {
		[2]string{"时间已过", "A time has passed"},
		[2]string{"[“{field}”的]时间已经过去[：{value}]。", "The time[ of \"{field}\"] lies in the past[: {value}]."},
		[2]string{"请改成将来的时间，并核对时区。", "Choose a time to come, and check the time zone."},
	},
	freight.ProblemOutside: {
		[2]string{"位置不在市场范围内", "A place is outside the market"},
		[2]string{"[“{field}”的]位置不在本市场范围内[：{value}]。", "The place[ \"{field}\"] is outside this market[: {value}]."},
		[2]string{"请选择本市场范围内的地点（范围见 /v1/me）。", "Choose a place inside the market's area (see /v1/me)."},
	},
	freight.ProblemPin: {
		[2]string{"位置不够准确", "A place is only roughly known"},
		[2]string{"[“{field}”]只有大概位置[：{value}]，是上一级地方的坐标。", "The place[ \"{field}\"] is only roughly known[: {value}]: its point is that of a larger unit."},
		[2]string{"请在地图上标出装卸的具体位置后重新提交。", "Set a pin where the truck is to go and send it again."},
	},
	freight.ProblemOffRoad: {
		[2]string{"没有路可走", "No road leads there"},
		[2]string{"[“{field}”]附近没有货车能走的路[，最近的路在 {value} 之外]。", "No road that a truck may use is near[ \"{field}\"][; the nearest is {value} away]."},
		[2]string{"请把位置移到路边，或核对经纬度。", "Move the place to a road, or check its coordinates."},
	},
	freight.ProblemRoadFile: {
		[2]string{"路网文件换不上", "The road file cannot be taken"},
		[2]string{"新的路网文件不能替换正在用的[：{value}]，一切照旧。", "The road file cannot take the place of the one in use[: {value}]; nothing has changed."},
		[2]string{"请用 pinhuo roads info 检查文件，放好之后再试。", "Check the file with pinhuo roads info, put a sound one in its place and try again."},
	},
	freight.ProblemSwapped: {
		[2]string{"经纬度写反了", "Latitude and longitude are exchanged"},
		[2]string{"[“{field}”的]纬度和经度看来写反了[：{value}]。", "Latitude and longitude[ of \"{field}\"] seem to be exchanged[: {value}]."},
		[2]string{"请把 lat 和 lng 对调后重新提交。", "Exchange lat and lng and send it again."},
	},
	freight.ProblemUnsupported: {
		[2]string{"暂不支持", "Not supported yet"},
		[2]string{"本版本还不能处理[“{field}”][（{value}）][，目前可用：{want}]；未保存任何内容。", "This version cannot honour[ \"{field}\"][ ({value})] yet[ (possible now: {want})]; nothing was saved."},
		[2]string{"请去掉这一项后重新提交，或联系调度台。", "Leave it out and send the request again, or ask the desk."},
	},
	freight.ProblemTaken: {
		[2]string{"已被他人成交", "Somebody else was faster"},
		[2]string{"这票货或车上的空位已被他人成交[（{value}）]。", "The load or the room on the truck went to somebody else[ ({value})]."},
		[2]string{"请刷新列表，选择其他报价。", "Refresh the list and choose another offer."},
	},
	freight.ProblemStale: {
		[2]string{"内容已更新", "The version is not the present one"},
		[2]string{"您依据的版本[ {value} ]已不是最新。", "The version you named[, {value},] is not the present one."},
		[2]string{"请重新读取后再修改或确认。", "Read it again, then change or accept it."},
	},
	freight.ProblemState: {
		[2]string{"当前状态不允许", "Not possible in the present state"},
		[2]string{"当前状态[“{value}”]下不能这样操作。", "This is not possible in the present state[ \"{value}\"]."},
		[2]string{"请刷新后查看现在可以做什么。", "Refresh to see what is possible now."},
	},
	freight.ProblemDuplicateRef: {
		[2]string{"编号重复", "The reference is in use"},
		[2]string{"您的编号[“{value}”]已经用过。", "Your reference[ \"{value}\"] is already in use."},
		[2]string{"请换一个编号，或修改原来那一条。", "Use another reference, or change the entry that has it."},
	},
	freight.ProblemPlate: {
		[2]string{"车牌已登记在别家名下", "The plate belongs to another organization"},
		[2]string{"车牌[“{value}”]已登记在另一家单位名下。", "The plate[ \"{value}\"] is registered to another organization."},
		[2]string{"请核对车牌和颜色；如确系您的车，请联系调度台。", "Check number and colour; if the vehicle is yours, ask the desk."},
	},
	freight.ProblemOverlap: {
		[2]string{"车辆时间冲突", "The vehicle is busy then"},
		[2]string{"该车在这段时间已有另一趟行程[（{value}）]。", "The vehicle is on another trip at that time[ ({value})]."},
		[2]string{"请改时间，或先取消另一趟行程。", "Change the times, or cancel the other trip first."},
	},
	freight.ProblemKeyReused: {
		[2]string{"幂等键被重复使用", "The idempotency key was used for another request"},
		[2]string{"同一个 Idempotency-Key[“{value}”]已用于内容不同的请求。", "This Idempotency-Key[, \"{value}\",] was used for a request with other content."},
		[2]string{"请为新的请求换一个新的键。", "Use a new key for a new request."},
	},
	freight.ProblemUnfit: {
		[2]string{"车已装不下或赶不上", "The truck can no longer carry it"},
		[2]string{"这辆车现在不能再承运这票货[：{reason}]。", "The truck can no longer carry this load[: {reason}]."},
		[2]string{"请刷新列表，选择其他报价。", "Refresh the list and choose another offer."},
	},
	freight.ProblemSchedule: {
		[2]string{"行程时间排不开", "The trip cannot keep its own times"},
		[2]string{"按路程计算，行程赶不上[“{field}”]自己的时间[：{value}]。", "By road the trip cannot keep its own time[ at \"{field}\"][: {value}]."},
		[2]string{"请放宽该站的时间，或提早出发。", "Widen the window of that stop, or leave earlier."},
	},
	freight.ProblemExpired: {
		[2]string{"已过期", "Expired"},
		[2]string{"已经过了有效时间[：{value}]。", "Its time has run out[: {value}]."},
		[2]string{"请刷新列表；仍需要时请重新发布。", "Refresh the list; post it anew if you still need it."},
	},
	freight.ProblemUnknown: {
		[2]string{"找不到", "Not found"},
		[2]string{"没有这一条[（{value}）]，或者您无权查看。", "There is no such thing[ ({value})], or it is not yours to see."},
		[2]string{"请从列表里重新打开，或核对编号。", "Open it from the list again, or check the id."},
	},
	freight.ProblemRole: {
		[2]string{"没有权限", "Your role does not allow it"},
		[2]string{"您的角色不能做这个操作[（{value}）]。", "Your role does not allow this[ ({value})]."},
		[2]string{"请由有权限的同事操作，或请单位负责人调整角色。", "Ask a colleague who may, or the owner of your organization to change your role."},
	},
	freight.ProblemOrgKind: {
		[2]string{"您的单位类型不能做此操作", "Your organization is of another kind"},
		[2]string{"这个操作只给[ {want} ]类型的单位[，您的单位是 {value}]。", "This is for an organization of the kind[ {want}] only[; yours is: {value}]."},
		[2]string{"请用该类单位的账号或令牌；物流专班的经办人可代为操作。", "Use an account or a token of such an organization; an officer of the desk may act for one."},
	},
	freight.ProblemToken: {
		[2]string{"令牌不能做此操作", "No token may do this"},
		[2]string{"这个操作不能用令牌做[（{value}）]。", "This cannot be done with a token[ ({value})]."},
		[2]string{"令牌的权限不能更改；请由有权限的成员登录操作，或改用其他单位的令牌。", "What a token may do cannot be changed: let a member sign in who may do it, or make a token of another organization."},
	},
	freight.ProblemNotYet: {
		[2]string{"尚未说明", "Not explained yet"},
		[2]string{"还没有说明[，最迟 {max} 会有答复]。", "There is no explanation yet[; an answer comes by {max}]."},
		[2]string{"请稍后再看，或订阅事件流。", "Ask again then, or listen to the stream."},
	},
	freight.ProblemOther: {
		[2]string{"工单在另一位值班员手里", "Another officer has the ticket"},
		[2]string{"这张工单由另一位值班员负责，办结要由他来说。", "Another officer has this ticket: whether it is answered is his to say."},
		[2]string{"请他办结，或请先接手再办。", "Let him say so, or take the ticket up yourself first."},
	},
	freight.ProblemNobody: {
		[2]string{"服务台无人值班", "The desk has no officer"},
		[2]string{"服务台还没有安排值班员，没有人可以指派。", "The desk has not named its officers, so nobody can be given this."},
		[2]string{"请服务台负责人先在值班表中设置默认值班员，再重试。", "Let the desk's owner name a default officer in its roster, then try again."},
	},
	freight.ProblemMethod: {
		[2]string{"此路径不支持该方法", "The path does not have this method"},
		[2]string{"此路径不支持方法[ {value}][（可用：{want}）]。", "This path does not have the method[ {value}][ (it has: {want})]."},
		[2]string{"请对照接口文档。", "See the API guide."},
	},
	freight.ProblemSignIn: {
		[2]string{"请先登录", "Sign in first"},
		[2]string{"没有有效的登录或令牌，或者登录链接已失效。", "There is no valid session or token, or the sign-in link is spent."},
		[2]string{"请重新登录；登录链接只能用一次，可向负责人再要一个。", "Sign in again; a sign-in link works once, ask for a new one."},
	},
	freight.ProblemOrigin: {
		[2]string{"请求来自其他网站", "The request comes from another site"},
		[2]string{"请求来自其他网站[（{value}）]，已拒绝。", "The request comes from another site[ ({value})] and was refused."},
		[2]string{"请在本站页面上操作；程序请改用令牌。", "Use this site's own page; programs use a token."},
	},
	freight.ProblemRate: {
		[2]string{"请求太频繁", "Too many requests"},
		[2]string{"请求太频繁[（每秒最多 {max} 次）]。", "Too many requests[ (at most {max} a second)]."},
		[2]string{"请按 Retry-After 的秒数等待后再试。", "Wait for the seconds of Retry-After and try again."},
	},
	freight.ProblemStore: {
		[2]string{"数据库暂时不可用", "The database cannot take writes now"},
		[2]string{"数据库暂时不能写入，是否已保存尚不确定。", "The database cannot take writes now; whether this was saved is not certain."},
		[2]string{"请稍后用同一个 Idempotency-Key 重试，不会重复。", "Try again shortly with the same Idempotency-Key; nothing is done twice."},
	},
	freight.ProblemStopping: {
		[2]string{"服务正在重启", "The server is restarting"},
		[2]string{"服务正在重启，请求未处理。", "The server is shutting down and did not take the request."},
		[2]string{"请稍后用同一个 Idempotency-Key 重试。", "Try again shortly with the same Idempotency-Key."},
	},
	freight.ProblemOverload: {
		[2]string{"系统繁忙", "The server is busy"},
		[2]string{"排队的请求已满，请求未处理。", "The queue is full; the request was not taken."},
		[2]string{"请稍后用同一个 Idempotency-Key 重试。", "Try again shortly with the same Idempotency-Key."},
	},
	freight.ProblemCursor: {
		[2]string{"游标无效", "The cursor is not valid"},
		[2]string{"游标[“{value}”]不属于您的单位或当前数据库。", "The cursor[ \"{value}\"] is not of your organization and database."},
		[2]string{"请重新读取列表，从新的游标开始。", "Read the lists again and go on from their cursor."},
	},
	freight.ProblemSplit: {
		[2]string{"两项内容互相矛盾", "Two fields contradict each other"},
		[2]string{"[“{field}”]与其他内容互相矛盾[：{value}][，最大为 {max}]。", "The field[ \"{field}\"] contradicts another one[: {value}][; greatest {max}]."},
		[2]string{"请改正其中一项，或去掉多余的一项。", "Correct one of them, or leave one out."},
	},
	freight.ProblemTurn: {
		[2]string{"等对方答复", "The other side is to answer"},
		[2]string{"现在轮到对方答复[（{value}）]。", "It is for the other side to answer now[ ({value})]."},
		[2]string{"请等对方同意、拒绝或还价。", "Wait for a yes, a no or another price."},
	},
	freight.ProblemRounds: {
		[2]string{"还价次数已满", "Prices have been named as often as they may"},
		[2]string{"这个报价已还价到上限[（{max} 次）]。", "Prices of this offer have been named as often as they may[ ({max} times)]."},
		[2]string{"现在只能同意或拒绝。", "Say yes or no."},
	},
	freight.ProblemYuan: {
		[2]string{"金额像是以元为单位", "The amount looks like yuan"},
		[2]string{"金额以分为单位[：{value}]，与现在的价格相差太多[（{want}）]。", "Amounts are in fen[: {value}], and this one is far from the present price[ ({want})]."},
		[2]string{"请核对；确实无误时带上 sure 再提交。", "Check it; if it is meant, send it again with sure."},
	},
	freight.ProblemCeiling: {
		[2]string{"超过您自己的上限", "More than your own ceiling"},
		[2]string{"这个价格[ {value} ]超过您给这票货定的上限[ {max} ]。", "This price[, {value},] is more than the ceiling that you stated for the load[, {max}]."},
		[2]string{"愿意时带上 over_ceiling 再提交，或还一个低些的价。", "If you want it all the same, send it again with over_ceiling; or name a lower price."},
	},
	freight.ProblemHolds: {
		[2]string{"等货主确认的货太多", "Too many loads wait for their shippers"},
		[2]string{"这趟车上等货主确认的货已到上限[（{max} 票）]。", "As many loads of this trip wait for their shippers as may[ ({max})]."},
		[2]string{"请等其中一票有了答复再接，或先接不用确认的货。", "Wait until one of them is answered, or take a load whose shipper does not look first."},
	},
	freight.ProblemSole: {
		[2]string{"正在单独询价", "Another operator is asked alone"},
		[2]string{"这票货正在单独问另一家[，到 {max} 为止]。", "Another operator alone is asked about this load[ until {max}]."},
		[2]string{"到时对方没有接，再来接；也可以先看别的。", "Come back then if it has not been taken, or look at another meanwhile."},
	},
	freight.ProblemPartners: {
		[2]string{"货主的合作伙伴优先", "The shipper's partners come first"},
		[2]string{"这票货先留给货主的合作伙伴[，到 {max} 为止]。", "This load is for the shipper's partners first[, until {max}]."},
		[2]string{"到时还在，就可以接。", "If it is still there then, it can be taken."},
	},
	freight.ProblemNoBookNow: {
		[2]string{"这趟车不能直接订", "This trip cannot be booked without asking"},
		[2]string{"车主没有开放直接订车，也没有愿意自动接这票货的线路。", "Its operator has not opened it for that, and has no lane that takes this load by itself."},
		[2]string{"请发布货源，平台会去问他；或选标有“可直接订”的车。", "Post the load, and the operator is asked; or choose a trip that says book_now."},
	},
	freight.ProblemTooFast: {
		[2]string{"没有货车能开这么快", "No truck is that fast"},
		[2]string{"从相邻的位置到这里要开[ {value}][，最多按 {max} 算]。", "From the position next to it a truck would have driven[ {value}][; {max} is the most]."},
		[2]string{"这个位置没有记下，不必再发；其他位置照常。", "It was not kept and need not be sent again; the others were."},
	},
	freight.ProblemInternal: {
		[2]string{"服务器内部错误", "Our fault"},
		[2]string{"服务器出了错，这不是您的问题。", "Something went wrong on the server; it is not your fault."},
		[2]string{"请用同一个 Idempotency-Key 重试；若仍失败，请把 request_id 告诉管理员。", "Try again with the same Idempotency-Key; if it fails again, tell the operator the request_id."},
	},
}

// wordsFor holds what a problem says under a code that gives it another sense.
var wordsFor = map[freight.Problem]map[freight.Code]words{
	freight.ProblemUnknown: {freight.Invalid: {
		[2]string{"没有这一项", "There is no such field"},
		[2]string{"不认识[“{field}”][（{value}）]，请求未处理。", "The name[ \"{field}\"][ ({value})] is not known; the request was not carried out."},
		[2]string{"请对照接口文档核对拼写，或去掉它。", "Check its spelling in the API guide, or leave it out."},
	}},
}

// forms says what a value should be.
var forms = map[string][2]string{
	"number":   {"数字，如 12.5", "a number such as 12.5"},
	"integer":  {"整数，如 12", "a whole number such as 12"},
	"string":   {"文字", "text"},
	"boolean":  {"true 或 false", "true or false"},
	"array":    {"列表 [...]", "a list [...]"},
	"object":   {"对象 {...}", "an object {...}"},
	"RFC 3339": {"带时区的时间，如 2026-11-22T18:00:00+08:00", "a time with its zone such as 2026-11-22T18:00:00+08:00"},
}

func wordsWith(problem freight.Problem, code freight.Code) words {
	if w, ok := wordsFor[problem][code]; ok {
		return w
	}
	if w, ok := wordsOf[problem]; ok {
		return w
	}
	return wordsOf[freight.ProblemInternal]
}

// Say tells an error in English, as the API does, for a command line: with the
// name of its field and all further faults. For our own faults and an absent
// database it is what the log would say.
func Say(err error) string {
	var known *freight.Error
	if !errors.As(err, &known) || known.Code == freight.Internal || known.Code == freight.Unavailable {
		return err.Error()
	}
	lines := make([]string, 0, 1+len(known.More))
	for _, e := range append([]freight.Error{*known}, known.More...) {
		f := faultOf(&e, english)
		if f.Field != "" && !strings.Contains(f.Detail, f.Field) {
			f.Detail = f.Field + ": " + f.Detail
		}
		if !slices.Contains(lines, f.Detail) {
			lines = append(lines, f.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

// titleOf returns the problem in a few words.
func titleOf(e *freight.Error, l lang) string { return wordsWith(e.Problem, e.Code).title[l] }

// detailOf says what is wrong and what to do.
func detailOf(f *Fault, l lang) string {
	w := wordsWith(f.Problem, f.Code)
	gap := " "
	if l == chinese {
		gap = ""
	}
	values := map[string]string{
		"field": f.Field, "value": f.Value, "min": f.Min, "max": f.Max, "want": f.Want, "reason": reasonText(f.Reason, l),
	}
	if form, ok := forms[f.Want]; ok {
		values["want"] = form[l]
	}
	return fill(w.what[l], values) + gap + w.todo[l]
}

// fill puts the values into a template and drops each bracketed part that
// names an empty one.
func fill(template string, values map[string]string) string {
	var b strings.Builder
	for rest := template; rest != ""; {
		before, after, found := strings.Cut(rest, "[")
		b.WriteString(before)
		if !found {
			break
		}
		part, tail, _ := strings.Cut(after, "]")
		b.WriteString(bracket(part, values))
		rest = tail
	}
	return b.String()
}

// bracket fills the one value of a bracketed part.
func bracket(part string, values map[string]string) string {
	before, after, _ := strings.Cut(part, "{")
	name, tail, _ := strings.Cut(after, "}")
	if values[name] == "" {
		return ""
	}
	return before + values[name] + tail
}
