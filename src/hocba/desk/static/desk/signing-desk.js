// <signing-desk>: signs with a token through hocba-agent, or has the seal in the server's module applied.
// On the page of a task it chooses the certificate and opens the batch; on the page of a batch it signs, stops, goes on.
// Everything it may do is said by its data-* attributes; the server checks every value again.
import {Agent, AgentError} from "../web/hocba-agent.js";

const POLL = 2_000;
const TRIES = 4; // of handing values in, which may be repeated: the server gives the same answer
const PAUSES = [500, 2_000, 5_000];
const UNUSABLE = 1_000; // more than there are warnings
const BADGES = {ok: "Đạt", warn: "Lưu ý", stop: "Chặn"};

class SigningDesk extends HTMLElement {
  /** What signs: a class with the interface of Agent. Tests put another in its place, then call `start`. */
  channel = Agent;
  #agent = null;
  #stopper = null;
  #turn = 0; // what was begun before the last `start` says nothing any more

  connectedCallback() {
    this.status = element("p", {role: "status", className: "desk-status"});
    this.panel = element("div", {className: "desk-panel"});
    this.replaceChildren(this.status, this.panel);
    queueMicrotask(() => this.start());
  }

  /** Begin anew, with `channel`. */
  async start() {
    this.#turn += 1;
    if (this.dataset.mode === "seal") return this.#offerSeal();
    if (this.dataset.mode === "remote") return this.#guarded(() => this.#watch());
    await this.#guarded(async () => {
      this.#say("Đang tìm chương trình ký số trên máy này…");
      this.panel.replaceChildren();
      const turn = this.#turn;
      const agent = await this.channel.find({user: this.dataset.user});
      if (turn !== this.#turn) return;
      this.#agent = agent;
      if (this.#agent.paired) await this.#choose();
      else this.#offerPairing();
    });
  }

  #offerPairing() {
    this.#say("Máy này có chương trình ký số nhưng chưa được ghép nối với tài khoản của bạn.");
    const pair = button("Ghép nối", () => this.#guarded(async () => {
      await this.#agent.pair(this.dataset.user, {
        showCode: (code) => {
          this.#say("Hãy so mã dưới đây với mã trong cửa sổ của chương trình ký số rồi bấm Đồng ý ở cửa sổ đó.");
          this.panel.replaceChildren(element("p", {className: "desk-code", textContent: code}));
        },
      });
      await this.#choose();
    }), true);
    this.panel.replaceChildren(pair);
  }

  async #choose() {
    this.#say("Đang đọc chứng thư số trong token…");
    const found = await this.#agent.certificates();
    const known = this.dataset.certificate;
    if (!known) return this.#offerCertificates(found);
    const prints = await Promise.all(found.map(({certificate}) => fingerprint(certificate)));
    const mine = found[prints.indexOf(known)];
    if (mine) this.#offerSigning(mine);
    else this.#fail(new AgentError("no_token", "Không thấy token có chứng thư số đã chọn cho lượt ký này. Hãy cắm đúng token rồi thử lại."));
  }

  /** Every certificate of every token: those that may sign this task first, the others with the reason why not. */
  async #offerCertificates(found) {
    this.#say("Đang kiểm tra chứng thư số…");
    const seen = await Promise.all(found.map((each) => this.#examine(each)));
    seen.sort((one, other) => one.rank - other.rank);
    const usable = seen.filter(({reasons}) => reasons.length === 0);
    const list = element("fieldset", {className: "desk-certificates"}, element("legend", {className: "hidden", textContent: "Chứng thư số"}));
    const findings = element("div", {ariaLive: "polite"});
    const inputs = usable.map((each) => {
      const input = element("input", {type: "radio", name: "chung-thu"});
      input.addEventListener("change", () => this.#show(each, findings));
      list.append(element("label", {className: "desk-certificate"}, input, element("span", {}, ...describe(each))));
      return input;
    });
    const others = seen.slice(usable.length).map((each) => element("li", {className: "desk-certificate"}, element("span", {}, ...describe(each))));
    const left = others.length ? [element("ul", {className: "desk-certificates", ariaLabel: "Chứng thư số không dùng được"}, ...others)] : [];
    this.panel.replaceChildren(list, findings, ...left, button("Đọc lại token", () => this.start()));
    if (usable.length) {
      this.#say(seen.length === 1 ? "Chứng thư số sẽ dùng để ký:" : `Chọn chứng thư số để ký (${usable.length} trong ${seen.length} dùng được):`);
      inputs[0].click();
    } else if (seen.length) {
      this.#say("Chưa ký được: không chứng thư số nào ở đây dùng được cho việc này. Lý do ghi ở từng chứng thư số.", "error");
    } else {
      this.#say("Token không có chứng thư số nào ký được.");
    }
  }

  /** What the server finds about a certificate. `reasons` stand against it; the lower the rank, the fewer the warnings. */
  async #examine(certificate) {
    const asked = {task: this.dataset.task, certificate: certificate.certificate, channel: "token", clock: new Date().toISOString()};
    const {findings, may_open: mayOpen} = await this.#post(this.dataset.preflight, asked);
    const seen = findings.filter(({code}) => !["order", "waiting"].includes(code)); // the page says these already
    const own = seen.filter(({code}) => code !== "clock");
    const reasons = own.filter(({level}) => level === "stop").map(({detail}) => detail);
    const warnings = own.filter(({level}) => level === "warn").length;
    return {certificate, asked, seen, mayOpen, reasons, rank: reasons.length ? UNUSABLE : warnings};
  }

  #show({asked, seen, mayOpen}, place) {
    const rows = seen.map(({level, detail}) =>
      element("li", {className: `finding finding-${level}`}, element("span", {className: `badge badge-${{ok: "ok", warn: "wait", stop: "stop"}[level]}`, textContent: BADGES[level]}), ` ${detail}`));
    const parts = [element("ul", {className: "findings"}, ...rows)];
    if (mayOpen) parts.push(button("Lập danh sách ký", () => this.#guarded(() => this.#open(asked)), true));
    else parts.push(element("p", {className: "notice notice-error", textContent: "Chưa ký được: hãy xử lý các mục bị chặn ở trên."}));
    place.replaceChildren(...parts);
  }

  async #open(asked) {
    this.#say("Đang lập và lưu danh sách ký…");
    const batch = await this.#post(this.dataset.batches, {...asked, clock: new Date().toISOString(), replace: this.dataset.replace === "1"});
    location.assign(batch.page);
  }

  #offerSigning(certificate, label = `Ký ${this.dataset.left} văn bản`) {
    this.#say(`Sẵn sàng ký bằng chứng thư số của ${certificate.name || certificate.subject}. Chương trình ký số sẽ hỏi mã PIN một lần.`);
    this.panel.replaceChildren(button(label, () => this.#guarded(() => this.#sign(certificate)), true));
  }

  async #sign(certificate) {
    this.#stopper = new AbortController();
    let page = await this.#get(this.dataset.state);
    const announced = await this.#announced(page);
    if (announced.left.length === 0) return location.reload();
    const progress = this.#progress(announced.left.length);
    this.#say("Hãy nhập mã PIN trong cửa sổ của chương trình ký số.");
    await this.#agent.openBatch({certificate: certificate.id, title: this.dataset.title, ...announced});
    const done = {signed: 0, refused: 0};
    try {
      for (;;) {
        await this.#agent.sign(page.items, {signal: this.#stopper.signal, onChunk: (values) => this.#handIn(values, done, progress)});
        if (!page.next) break;
        page = await this.#get(page.next);
      }
    } catch (error) {
      if (this.#stopper.signal.aborted) return this.#pause(certificate);
      if (error.code === "token_removed") return this.#afterRemoval(error, certificate);
      throw error;
    }
    await this.#agent.close();
    location.reload();
  }

  /** What the agent is told before it asks for the PIN: the frozen list with the digest that the server's audit trail
   *  holds, and what of it is left. */
  async #announced(page) {
    const [list, report] = await Promise.all([this.#get(page.list), page.next ? this.#get(this.dataset.report) : null]);
    const waiting = report ? report.items.filter(({result}) => result === "pending" || result === "failed") : page.items;
    const names = new Set(waiting.map(({id}) => id));
    const left = list.items.filter(({id}) => names.has(id)).map(({digest}) => digest);
    return {digest: page.digest, digests: list.items.map(({digest}) => digest), left};
  }

  async #handIn(values, done, progress) {
    const answer = await this.#repeat(() => this.#post(this.dataset.signatures, {signatures: values}));
    done.signed += answer.signed;
    done.refused += answer.refused.length;
    this.#count(progress, done);
  }

  #progress(count, mayStop = true) {
    const bar = element("progress", {max: count, value: 0, className: "desk-progress"});
    bar.setAttribute("aria-label", "Số văn bản đã ký");
    const words = element("p", {className: "desk-count", textContent: `Đã ký 0/${count}`});
    const stop = button("Tạm dừng", () => {
      this.#stopper?.abort();
      stop.disabled = true;
      this.#say("Đang dừng sau nhóm văn bản hiện tại…");
    });
    this.panel.replaceChildren(bar, words, ...(mayStop ? [stop] : []));
    return {bar, words, count};
  }

  #count({bar, words, count}, {signed, refused}, said = "Đang ký, xin đừng rút token và đừng đóng trang này.") {
    bar.value = signed;
    words.textContent = `Đã ký ${signed}/${count}${refused ? `, ${refused} không nhận được` : ""}`;
    this.#say(said);
  }

  async #pause(certificate) {
    await this.#agent?.close?.().catch(() => {});
    this.#say("Đã tạm dừng. Phần đã ký vẫn có hiệu lực; bạn có thể ký tiếp cho đến khi lượt ký hết hạn.");
    this.panel.replaceChildren(button("Ký tiếp", () => this.#guarded(() => this.#sign(certificate)), true), button("Xem kết quả", () => location.reload()));
  }

  #afterRemoval(error, certificate) {
    this.#say(error.message, "error");
    this.panel.replaceChildren(button("Đã cắm lại, ký tiếp", () => this.#guarded(async () => {
      await this.#agent.close().catch(() => {});
      await this.#sign(certificate);
    }), true));
  }

  #offerSeal() {
    this.#say("Con dấu số nằm trong thiết bị của máy chủ; mỗi lần đóng dấu đều được ghi nhật ký với tên của bạn.");
    this.panel.replaceChildren(button(`Đóng dấu ${this.dataset.left} văn bản`, () => this.#guarded(() => this.#seal()), true));
  }

  async #seal() {
    this.#stopper = new AbortController();
    const progress = this.#progress(Number(this.dataset.left));
    const done = {signed: 0, refused: 0};
    for (let next = this.dataset.seal; next; ) {
      const answer = await this.#repeat(() => this.#post(next, {}));
      done.signed += answer.signed;
      done.refused += answer.refused.length;
      this.#count(progress, done);
      next = this.#stopper.signal.aborted ? null : answer.next;
    }
    location.reload();
  }

  /** The provider signs and the server takes the values in: show how far it is until something else is to be done. */
  async #watch() {
    const progress = this.#progress(Number(this.dataset.left), false);
    for (;;) {
      const found = await this.#repeat(() => this.#get(this.dataset.remote));
      progress.bar.max = progress.count = found.count || progress.count;
      this.#count(progress, {signed: found.signed, refused: 0}, found.detail || "Máy chủ đang nhận chữ ký từ nhà cung cấp; có thể đóng trang này.");
      if (found.step !== "wait") return location.reload();
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }

  async #guarded(act) {
    const turn = this.#turn;
    try {
      await act();
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #fail(error) {
    this.#say(error.message || String(error), "error");
    const parts = [button("Thử lại", () => this.start(), true)];
    for (const each of error.reasons || []) parts.unshift(element("p", {className: "field-error", textContent: each}));
    if (error.code === "agent_missing") parts.push(element("p", {className: "hint", textContent: "Chưa có chương trình? Nhà trường nhận bộ cài hocba-agent từ Sở; hoặc dùng gói ký ngoại tuyến."}));
    this.panel.replaceChildren(...parts);
  }

  #say(words, kind = "") {
    this.status.textContent = words;
    this.status.className = kind ? `desk-status notice notice-${kind}` : "desk-status";
    this.dataset.said = kind || "info";
  }

  async #repeat(act) {
    for (let turn = 0; ; turn += 1) {
      try {
        return await act();
      } catch (error) {
        if (error instanceof DeskError || turn + 1 >= TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(turn, PAUSES.length - 1)]));
      }
    }
  }

  #get(address) {
    return answer(fetch(address, {headers: {accept: "application/json"}, cache: "no-store"}));
  }

  #post(address, body) {
    const headers = {"content-type": "application/json", "x-csrftoken": this.dataset.csrf};
    return answer(fetch(address, {method: "POST", headers, body: JSON.stringify(body)}));
  }
}

/** What the server refused; `reasons` are all of them. */
class DeskError extends Error {
  constructor(problem) {
    super(problem.title);
    this.reasons = (problem.errors || []).map(({detail}) => detail);
    if (problem.detail) this.reasons.unshift(problem.detail);
  }
}

async function answer(sent) {
  let got;
  try {
    got = await sent;
  } catch {
    throw new Error("Mất kết nối với máy chủ. Phần đã ký vẫn được giữ; hãy thử lại khi có mạng.");
  }
  const members = await got.json().catch(() => null);
  if (got.ok && members) return members;
  if (got.status >= 500 && got.status !== 503) throw new Error("Máy chủ đang gặp sự cố. Phần đã ký vẫn được giữ; hãy thử lại sau.");
  throw new DeskError(members || {title: got.status === 403 ? "Phiên đăng nhập đã hết, hãy tải lại trang." : `Máy chủ từ chối (mã ${got.status}).`});
}

function element(name, members = {}, ...children) {
  const made = Object.assign(document.createElement(name), members);
  made.append(...children);
  return made;
}

function button(words, act, main = false) {
  const made = element("button", {type: "button", className: main ? "button button-main" : "button", textContent: words});
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await act();
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

/** A certificate in the list. */
function describe({certificate: {name, subject, issuer, not_after: end, token}, reasons}) {
  const said = [`Cấp bởi ${issuer}`, `Hiệu lực đến ${day(end)}${token ? `, trong token ${token}` : ""}`];
  const against = reasons.map((reason) => element("span", {className: "desk-line desk-against", textContent: reason}));
  const badge = reasons.length ? [" ", element("span", {className: "badge badge-stop", textContent: "Không dùng được"})] : [];
  return [element("strong", {textContent: name || subject}), ...badge, ...said.map(line), ...against];
}

const line = (words) => element("span", {className: "desk-line small soft", textContent: words});
const day = (text) => new Date(text).toLocaleDateString("vi-VN", {timeZone: "Asia/Ho_Chi_Minh"});

/** SHA-256 of a certificate in base64 DER, hex, as the batch names it. */
async function fingerprint(certificate) {
  const der = Uint8Array.from(atob(certificate), (letter) => letter.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("signing-desk", SigningDesk);
