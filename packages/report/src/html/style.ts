/** The whole look of the HTML report. Contrast is at least 4.5:1 in both schemes (WCAG 2.2, 1.4.3). */
export const style = `
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
.pipeline>li+li::before{content:"→";color:var(--muted);padding:0 12px;font-size:18px}
.stage{display:grid;gap:10px;align-content:center}
.box{border:1px solid var(--line);border-radius:8px;padding:9px 14px;min-width:130px;background:var(--soft)}
.box.good{border-color:var(--good)}.box.wait{border-color:var(--wait)}.box.bad{border-color:var(--bad)}.box.info{border-color:var(--info)}
.box,.box p{color:var(--text)}
.box p{margin:0}.box .muted{color:var(--muted);font-size:13px}
@media print{details{break-inside:avoid}}
`.trim();
