/** Phrases that people write around the content of a post. `{name}` is a concept. */

export const questionOpenings = [
  'I am fairly new to this, so please bear with me.',
  'I have searched for a while without finding a clear answer.',
  'This came up at work last week.',
  'Sorry if this is a basic question.',
  'I am working through this on my own, without a statistician at hand.',
  'We had a long argument about this in our group.',
  'I am preparing my thesis and got stuck here.',
  'Here is something that has been bothering me for days.',
  'My background is in engineering, not in statistics.',
  'I inherited this project from a colleague who has left.',
];

export const topics = [
  'I think the keyword is {name}, but I may be wrong.',
  'As far as I can tell this belongs under {name}.',
  'My course covered {name} only briefly.',
  'I have read two introductions to {name} without getting any wiser.',
  'In other words, my question is about {name}.',
  'Most of what I know about {name} comes from blog posts.',
  'The chapter on {name} in my textbook is silent on this.',
  'I filed this under {name}; please correct me if that is wrong.',
  'It is the first time that I have to deal with {name}.',
  'So far I have used {name} like a recipe, without much thought.',
];

export const questionClosings = [
  'Any pointers would be welcome.',
  'What do people usually do here?',
  'A short explanation in plain words would help me most.',
  'How would you go about it?',
  'I would be grateful for a rule of thumb as well.',
  'References are welcome, but an intuition would be better.',
  'What am I missing?',
  'Is there a standard way to deal with it?',
  'I can share more details if they are needed.',
  'Thanks in advance for any help.',
];

export const expertOpenings = [
  'This is a classic question about {name}.',
  'With {name} this comes up a lot.',
  'People who are new to {name} often stumble over this.',
  'I teach {name}, so here is what I tell my students.',
  'I deal with {name} every week, so let me try to be precise.',
  'For {name} there is a clear answer to this.',
  'I have made my own mistakes with {name}, so here is what I know now.',
  'This has been studied at length in the literature on {name}.',
];

/** Before the title of the question. */
export const quotations = ['Your title says:', 'Quoting your title:', 'To repeat your words:', 'You wrote:'];

export const backgroundOpenings = [
  'Not a complete answer, but some background on {name}.',
  'Too long for a comment, so I post it here.',
  'A few general remarks from me.',
  'I cannot answer the exact question, but this may be useful.',
  'Something that helped me when I started:',
  'Adding to what has been said already.',
  'It helps to recall the basics first.',
  'Here is how I think about such things in general.',
  'Others know the details better; here is the general idea.',
];

export const mistakenOpenings = [
  'I think this is easier than it looks.',
  'As far as I remember from my course:',
  'Somebody once explained it to me like this.',
  'Not an expert, but this is what I was taught.',
  'We always do it this way in our office.',
  'I read this on a blog some time ago.',
  'Pretty sure it works like this.',
  'My old supervisor used to say this.',
];

export const mistakenClosings = [
  'At least that is how I have always done it.',
  'So I would not worry about it any further.',
  'It never caused me any trouble so far.',
  'No need to make it more complicated than that.',
  'Correct me if I got it wrong.',
  'I have no reference for it, though.',
  'Hope this helps anyway.',
  'That should settle it, I guess.',
];

export const relatedOpenings = [
  'Have you considered {name} instead?',
  'Your question made me think of {name}.',
  'I would rather look at {name} here.',
  'This is slightly off topic, but {name} may be worth a look.',
  'I do not know about that, but we had a similar case with {name}.',
  'Maybe what you really need is {name}.',
  'You could read up on {name} first.',
];

export const relatedClosings = [
  'Perhaps that gets you further.',
  'I do not know whether it applies to your case.',
  'It worked for us, but our data were different.',
  'Maybe it is not quite what you asked for.',
  'That is where I would start reading.',
  'Others here will know more.',
];

export const vagueSentences = [
  'It depends on your data.',
  'Without seeing the numbers nobody can really tell.',
  'Try a few settings and keep the one that looks best to you.',
  'I had a similar problem once, and it went away after an update of the package.',
  'Have you looked at the documentation?',
  'You should post your code and a small example.',
  'It is hard to say more without knowing the field you work in.',
  'Plot everything first and the answer will probably be obvious.',
  'I usually just take the defaults and nobody has ever complained.',
  'Ask a local statistician, that is what they are there for.',
  'Nowadays there are tools that do all of this automatically.',
  'Does it make a practical difference at all?',
  'More data would certainly not hurt.',
  'Are you sure that you need this in the first place?',
];

export const vagueRemarks = [
  'Most textbooks have a chapter on {name}; that would be my first stop.',
  'In my experience {name} can be tricky, so be careful.',
  'There was a long thread about {name} here some years ago.',
  'Personally, I gave up on {name} and have not missed it.',
  'Everybody seems to have a different opinion on {name} anyway.',
  'I always have to look these things about {name} up again.',
];
