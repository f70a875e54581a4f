const I={24640:((F,g,d)=>{d.r(g),d.d(g,{renderHtml:()=>H});var j=d(78011),y=d(93046),o=d(2182),h=d(36604),u=d(57837),k=d(55557),x=d(52221),z=d(61050);const p=e=>e.map(M).join("");function m(e){const{sign:a,tone:n}=x.P[e];return`<span class="icon ${n}" aria-hidden="true">${a}</span>`}function M(e){if(typeof e=="string")return(0,o.j)(e);switch(e.kind){case"code":return`<code>${(0,o.j)(e.text)}</code>`;case"strong":return`<b>${(0,o.j)(e.text)}</b>`;case"muted":return`<span class="muted">${(0,o.j)(e.text)}</span>`;case"break":return"<br>";case"icon":return m(e.icon);case"result":{const{sign:a,tone:n}=x.P[e.result];return`<span class="badge ${n}"><span aria-hidden="true">${a}</span> ${e.result}</span>`}case"link":{const a=e.code===!0?`<code>${(0,o.j)(e.text)}</code>`:(0,o.j)(e.text),n=(0,z.P)(e.href);return n===void 0?a:`<a href="${(0,o.J)(n)}" rel="noopener noreferrer">${a}</a>`}}}function P({nodes:e,edges:a}){const n=(0,k.p)(e.length,a),t=[];for(let r=0;r<=Math.max(0,...n);r++){const i=n.flatMap((s,l)=>s===r-1?[l]:[]),f=e.flatMap((s,l)=>{const c=a.filter(b=>b.to===l),B=c.length===1&&i.length===1&&c[0]?.from===i[0]?"":c.map(b=>e[b.from]?.name??"").join(", "),C=c.find(b=>b.blocked!==void 0)?.blocked??s.result;return n[l]===r?[S(s,B,C)]:[]});f.length>0&&t.push(`<li><div class="stage">${f.join("")}</div></li>`)}return`<ol class="pipeline" aria-label="Pipeline" tabindex="0">${t.join("")}</ol>`}function S({name:e,tier:a,lines:n,result:t},r,i){const f=t===void 0?"":` ${x.P[t].tone}`,s=t===void 0?"":`${m(t)} `,l=i===void 0?"":` <span class="muted">${(0,o.j)(i)}</span>`,c=[...a===void 0?[]:[`tier ${a}`],...r===""?[]:[`from ${r}`]].join(", ");return`<div class="box${f}"><p>${s}<b>${(0,o.j)(e)}</b>${l}</p>${n.map(w=>`<p>${(0,o.j)(w)}</p>`).join("")}${c===""?"":`<p class="muted">${(0,o.j)(c)}</p>`}</div>`}function v(e){switch(e.kind){case"heading":return`<h2>${(0,o.j)(e.text)}</h2>`;case"paragraph":return`<p${e.muted===!0?' class="muted"':""}>${p(e.line)}</p>`;case"notice":return`<p class="${e.tone}">${p(e.line)}</p>`;case"list":return`<ul>${e.items.map(a=>`<li>${p(a)}</li>`).join("")}</ul>`;case"details":return`<details><summary>${(0,o.j)(e.summary)}</summary><div>${e.blocks.map(v).join(`
`)}</div></details>`;case"listing":return`<pre tabindex="0">${(0,o.J)((0,u.Q6)(e.text))}</pre>`;case"diff":{const{lines:a,left:n}=(0,h.T)(e.file,e.limit),t=`<p><code>${(0,o.j)(e.file.path)}</code> ${e.file.kind}</p>`,r=(0,h.Y)(e.file);if(r!==void 0)return`${t}<p class="muted">${(0,o.j)(r)}</p>`;const i=n===void 0?"":`<p class="muted">${(0,o.j)(n)}.</p>`;return`${t}<pre tabindex="0">${a.map(J).join("")}</pre>${i}`}case"output":{const a=e.lines.map(n=>`<span>${(0,o.J)((0,u.yy)(n))}</span>`);return`<p>${(0,o.j)(e.title)}</p><pre tabindex="0">${a.join("")}</pre>`}case"table":return L(e);case"graph":return P(e)}}const $={"+":' class="add"',"-":' class="del"',"@":' class="at"',"\\":' class="at"'};function J(e,a){const n=(0,o.J)((0,u.yy)(e));return`<span${a<2?$["@"]:$[e[0]??""]??""}>${n}</span>`}function L({caption:e,columns:a,rows:n}){const t=a.map(i=>`<th scope="col">${(0,o.j)(i)}</th>`).join(""),r=n.map(i=>`<tr>${i.map((s,l)=>l===0?`<th scope="row">${p(s)}</th>`:`<td>${p(s)}</td>`).join("")}</tr>`);return`<div class="scroll" tabindex="0" role="region" aria-label="${(0,o.j)(e)}"><table><caption>${(0,o.j)(e)}</caption><thead><tr>${t}</tr></thead><tbody>
${r.join(`
`)}
</tbody></table></div>`}const D=`
:root{color-scheme:light dark;--text:#1f2328;--muted:#59636e;--back:#fff;--soft:#f6f8fa;--line:#d1d9e0;--link:#0969da;
--good:#116329;--good-back:#dafbe1;--wait:#7d4e00;--wait-back:#fff8c5;--bad:#a40e26;--bad-back:#ffebe9;--info:#0550ae;--info-back:#ddf4ff;--calm:#454c54;--calm-back:#eff2f5}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--muted:#9198a1;--back:#0d1117;--soft:#151b23;--line:#3d444d;--link:#4493f8;
--good:#56d364;--good-back:#12261e;--wait:#e3b341;--wait-back:#272115;--bad:#ff7b72;--bad-back:#25171c;--info:#79c0ff;--info-back:#121d2f;--calm:#b7bdc8;--calm-back:#212830}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1100px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:26px;line-height:1.3;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:16px;margin:28px 0 8px}
p{margin:8px 0;overflow-wrap:anywhere}
.muted{color:var(--muted)}
a{color:var(--link);text-decoration:underline;text-underline-offset:2px;text-decoration-thickness:1px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{background:var(--calm-back);padding:2px 5px;border-radius:5px;overflow-wrap:anywhere}
td code,th code{overflow-wrap:break-word}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;margin:18px 0}
table{border-collapse:collapse;width:100%}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:9px 14px;border-top:1px solid var(--line);overflow-wrap:break-word}
thead th{border-top:0;background:var(--soft);font-size:13px;font-weight:600;color:var(--muted);white-space:nowrap}
tbody th{font-weight:400}
.badge{display:inline-block;white-space:nowrap;padding:1px 9px;border-radius:99px;font-size:13px;font-weight:600}
.icon{font-weight:700}
.good{color:var(--good)}.wait{color:var(--wait)}.bad{color:var(--bad)}.info{color:var(--info)}.calm{color:var(--calm)}
.badge.good{background:var(--good-back)}.badge.wait{background:var(--wait-back)}.badge.bad{background:var(--bad-back)}.badge.info{background:var(--info-back)}.badge.calm{background:var(--calm-back)}
.note,.warning{border-left:4px solid var(--info);padding:8px 14px;margin:18px 0;background:var(--info-back);border-radius:0 6px 6px 0}
.warning{border-color:var(--wait);background:var(--wait-back)}
details{margin:10px 0;border:1px solid var(--line);border-radius:8px}
summary{cursor:pointer;padding:9px 14px;font-weight:600}
details>div{padding:2px 14px 12px}
pre{margin:8px 0 14px;overflow-x:auto;border:1px solid var(--line);border-radius:8px;padding:10px 0;background:var(--soft)}
pre span{display:block;padding:0 14px;white-space:pre;min-width:max-content}
pre .add{background:var(--good-back);color:var(--good)}pre .del{background:var(--bad-back);color:var(--bad)}pre .at{color:var(--muted)}
.pipeline{display:flex;align-items:stretch;gap:0;list-style:none;padding:0;margin:18px 0;overflow-x:auto}
.pipeline>li{display:flex;align-items:center;flex:none}
.pipeline>li+li::before{content:"\u2192";color:var(--muted);padding:0 12px;font-size:18px}
.stage{display:grid;gap:10px;align-content:center}
.box{border:1px solid var(--line);border-radius:8px;padding:9px 14px;min-width:130px;background:var(--soft)}
.box.good{border-color:var(--good)}.box.wait{border-color:var(--wait)}.box.bad{border-color:var(--bad)}.box.info{border-color:var(--info)}
.box,.box p{color:var(--text)}
.box p{margin:0}.box .muted{color:var(--muted);font-size:13px}
@media print{details{break-inside:avoid}}
`.trim();function H(e){const{headline:a,blocks:n}=(0,j.q)(e,{...y.V,diffLines:5e3,allDiffLines:5e4}),t=(0,o.j)(a.text);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${t}</title>
<style>${D}</style>
</head>
<body>
<main>
<h1>${m(a.icon)} ${t}</h1>
${n.map(v).join(`
`)}
</main>
</body>
</html>
`}})};export{I as modules};
