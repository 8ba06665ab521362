// The page's side of hocba-agent: finds the agent on this machine's loopback, pairs with it, has a frozen list signed.
// The PIN never comes here: the agent asks for it in a window of its own. docs/how-to/usb-token.md says how it all works.

export const PORTS = Object.freeze([27640, 27641, 27642, 27643, 27644]); // hocba.platform.web.agent.PORTS
const CHUNK = 25;
const PATIENCE = {quick: 3_000, prompt: 60_000};

const TEXTS = {
  agent_missing:
    "Không tìm thấy chương trình ký số Hocba (hocba-agent) trên máy này. Hãy cài đặt hoặc mở chương trình rồi thử lại.",
  agent_gone: "Mất kết nối với chương trình ký số Hocba. Hãy mở lại chương trình rồi ký tiếp.",
  browser_refused:
    "Trình duyệt không cho trang này gọi chương trình ký số trên máy. Hãy cho phép truy cập thiết bị nội bộ (biểu tượng bên trái thanh địa chỉ) rồi thử lại.",
  not_paired: "Trang này chưa được ghép nối với chương trình ký số cho tài khoản của thầy cô.",
  no_batch: "Chưa mở lượt ký.",
  unexpected: "Chương trình ký số gặp lỗi không rõ nguyên nhân.",
};

/** Every failure. `code` is stable, `message` is Vietnamese and for the person, `details` is what the agent added.
 *  Codes of this module are the keys of TEXTS; codes of the agent are in agent/src/hocba_agent/problems.py. */
export class AgentError extends Error {
  constructor(code, message, details = {}) {
    super(message || TEXTS[code] || TEXTS.unexpected);
    this.name = "AgentError";
    this.code = code;
    this.details = details;
  }
}

/** The agent of this machine, as the signed-in person uses it.
 *
 *   const agent = await Agent.find({user: "gv0006"});
 *   if (!agent.paired) await agent.pair("gv0006", {showCode: (code) => …});
 *   const [certificate] = await agent.certificates();
 *   await agent.openBatch({certificate: certificate.id, title, digest, digests});
 *   await agent.sign(items, {onChunk: async (signatures, progress) => …});
 *   await agent.close();
 */
export class Agent {
  #address;
  #instance;
  #user;
  #token;
  #batch = null;

  constructor(address, status, user) {
    this.#address = address;
    this.#instance = status.instance;
    this.version = status.version;
    this.#remember(user);
  }

  /** Find the agent; with several (a shared machine) the one this account is paired with comes first.
   *  Throws agent_missing, browser_refused, or origin_refused when the agent will not serve this address. */
  static async find({user = null, ports = PORTS} = {}) {
    const permission = await loopbackPermission();
    if (permission === "denied") throw new AgentError("browser_refused");
    const patience = permission === "prompt" ? PATIENCE.prompt : PATIENCE.quick;
    const answers = await Promise.allSettled(ports.map((port) => ask(port, patience)));
    const refused = answers.find(({reason}) => reason instanceof AgentError && reason.code === "origin_refused");
    const found = answers.filter(({status}) => status === "fulfilled").map(({value}) => value);
    if (found.length === 0) {
      if (refused) throw refused.reason;
      throw new AgentError((await loopbackPermission()) === "denied" ? "browser_refused" : "agent_missing");
    }
    const agents = found.map(({address, status}) => new Agent(address, status, user));
    return agents.find((agent) => agent.paired) || agents[0];
  }

  /** Whether this browser holds a pairing of the account with this agent (the agent may have ended it since). */
  get paired() {
    return Boolean(this.#token);
  }

  /** The batch under way: {id, count, signed, expires_in} or null. */
  get batch() {
    return this.#batch;
  }

  /** Pair with the account `user`. `showCode` gets the number to show on the page; the agent shows the same
   *  and asks for a yes. Throws pairing_refused, pairing_expired, busy, origin_refused. */
  async pair(user, {showCode} = {}) {
    const offer = await this.#call("POST", "/v1/pairings", {user});
    if (showCode) showCode(offer.code);
    const {token} = await this.#call("POST", `/v1/pairings/${offer.pairing}/confirmation`, {user});
    const pairing = {instance: this.#instance, token};
    localStorage.setItem(key(user), JSON.stringify(pairing));
    this.#user = user;
    this.#token = token;
  }

  /** End the pairing, here and in the agent. */
  async unpair() {
    try {
      await this.#call("DELETE", "/v1/pairings/current");
    } finally {
      this.#forget();
    }
  }

  /** Certificates on the tokens that are plugged in: [{id, subject, name, issuer, serial, not_before, not_after,
   *  key, token, certificate}], `certificate` in base64 DER. Throws not_paired, no_token. */
  async certificates() {
    return (await this.#call("GET", "/v1/certificates")).certificates;
  }

  /** Open a batch: the agent shows title and count and asks for the PIN, once.
   *  `digest` is what the server stored for the list ("sha256:…"), never worked out here: the agent compares it
   *  with `digests`, the SHA-256 (hex) of all bytes of the list in its order. `left` are those still to be signed,
   *  all when left out. Throws wrong_pin, pin_locked, cancelled, …
   *  `details.attempts` of wrong_pin is "many", "few" or "last". */
  async openBatch({certificate, title, digest, digests, left = digests}) {
    const body = {certificate, title, count: digests.length, digest, digests, left};
    this.#batch = await this.#call("POST", "/v1/batches", body);
    return this.#batch;
  }

  /** Have items signed: [{id, to_be_signed (base64)}] → {id: signature (base64)}. Chunk after chunk;
   *  `onChunk(signatures, {done, total})` is awaited after each. Asking again for what is signed already gives the
   *  same values. `signal` stops between chunks. Throws token_removed (see `resume`), foreign_bytes, … */
  async sign(items, {onChunk = null, signal = null, chunk = CHUNK} = {}) {
    if (!this.#batch) throw new AgentError("no_batch");
    const all = {};
    for (let start = 0; start < items.length; start += chunk) {
      signal?.throwIfAborted();
      const part = items.slice(start, start + chunk).map(({id, to_be_signed}) => ({id: String(id), to_be_signed}));
      const {signatures} = await this.#call("POST", `/v1/batches/${this.#batch.id}/sign`, {items: part});
      Object.assign(all, signatures);
      await onChunk?.(signatures, {done: Math.min(start + chunk, items.length), total: items.length});
    }
    return all;
  }

  /** Go on with the open batch after the token came back: the agent asks for the PIN again. */
  async resume() {
    if (!this.#batch) throw new AgentError("no_batch");
    this.#batch = await this.#call("POST", `/v1/batches/${this.#batch.id}/resume`, {});
    return this.#batch;
  }

  /** End the batch and sign the token out; harmless when there is none. */
  async close() {
    if (!this.#batch) return;
    const {id} = this.#batch;
    this.#batch = null;
    await this.#call("DELETE", `/v1/batches/${id}`);
  }

  async #call(method, path, body = null) {
    const headers = {};
    if (body !== null) headers["Content-Type"] = "application/json";
    if (this.#token) {
      headers["Authorization"] = `Bearer ${this.#token}`;
      headers["Hocba-User"] = encodeURIComponent(this.#user);
    }
    try {
      return await exchange(`${this.#address}${path}`, {method, headers, body: body && JSON.stringify(body)});
    } catch (error) {
      if (error.code === "not_paired") this.#forget();
      throw error;
    }
  }

  #remember(user) {
    this.#user = user;
    const kept = user === null ? null : JSON.parse(localStorage.getItem(key(user)) || "null");
    this.#token = kept?.instance === this.#instance ? kept.token : null;
  }

  #forget() {
    if (this.#user !== null) localStorage.removeItem(key(this.#user));
    this.#token = null;
  }
}

async function ask(port, patience) {
  const address = `http://127.0.0.1:${port}`;
  const status = await exchange(`${address}/v1/status`, {signal: AbortSignal.timeout(patience)});
  if (status.agent !== "hocba-agent") throw new AgentError("agent_missing");
  return {address, status};
}

async function exchange(url, options) {
  const fixed = {mode: "cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error"};
  let answer;
  try {
    answer = await fetch(url, {...fixed, ...options});
  } catch (cause) {
    throw new AgentError("agent_gone", null, {cause: String(cause)});
  }
  const body = await answer.json().catch(() => null);
  if (body === null) throw new AgentError("unexpected");
  if (!answer.ok) throw new AgentError(body.code || "unexpected", body.message, body);
  return body;
}

/** What the browser thinks of calls to loopback: "granted", "prompt", "denied", or null in browsers that do not ask. */
async function loopbackPermission() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({name})).state;
    } catch {
      // This browser does not know the name.
    }
  }
  return null;
}

const key = (user) => `hocba-agent:${user}`;
