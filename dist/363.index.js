const h=363,m=[363],y={3363:((o,d,t)=>{t.a(o,async(x,n)=>{try{t.r(d);var s=t(2622),a=t(4126),c=t(8347);await(0,a.C)(s.L,c.m),n()}catch(v){n(v)}},1)})};export{h as id,m as ids,y as modules};
