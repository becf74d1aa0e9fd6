//! How far every plugin and every initialiser is, whose turn it is to map, and who waits for whom.
//!
//! One table behind one lock, which is never held while foreign code runs: a thread writes down what it is about to
//! do, does it, and writes down the outcome. Others that need the outcome wait for that one thing. Before a thread
//! waits, the table tells whether whoever it would wait for is, in the end, waiting for it: then that is an error, and
//! not a process that hangs.
//!
//! Mapping is one thread's turn at a time, and that thread's again within it, because the system's loader works so: it holds a lock
//! while constructors of shared libraries run that a plugin needs, and the thread that runs them can take it again. Turns are taken in the same way and
//! before that lock, so that two threads can't each hold what the other waits for, and what a plugin is judged against
//! can't change until it is mapped.

use crate::fork_lock::ForkLock;
use crate::sorted::SortedMap;
use crate::sync::{Condvar, MutexGuard, PoisonError, ThreadId, current, forks};
use engraft_manifest::{BuildId, Key};

/// The table. `P` is a plugin that was mapped, `F` the reason for which initialising failed.
pub(crate) struct Stages<P, F> {
    table: ForkLock<Table<P, F>>,
    changed: Condvar,
}

struct Table<P, F> {
    /// Who maps, and how many times within itself.
    turn: Option<(Worker, usize)>,
    plugins: SortedMap<BuildId, Stage<P, F>>,
    /// Plugins that are mapped, whatever became of them then. Those of which nothing became can be tried again.
    mapped: SortedMap<BuildId, P>,
    initialised: SortedMap<Initialised, Stage<(), F>>,
    /// What threads wait for; each for one thing.
    waiting: Vec<(ThreadId, Awaited)>,
}

/// A thread that has begun something, and the process in which it has.
#[derive(Clone, Copy)]
struct Worker {
    thread: ThreadId,
    /// How often its process had been forked.
    forks: usize,
}

impl Worker {
    fn this() -> Self {
        Self { thread: current().id(), forks: forks() }
    }

    fn is(self, other: Self) -> bool {
        self.thread == other.thread
    }

    /// Whether the thread was one of a process that this one was forked from. The one that forked goes on here, and is the only one.
    fn is_gone(self, this: Self) -> bool {
        !self.is(this) && self.forks != this.forks
    }
}

/// How far something is.
enum Stage<T, F> {
    /// This thread is running it.
    UnderWay(Worker),
    /// It came to an end, for good.
    Ended(Result<T, F>),
}

/// What is initialised once in a process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Initialised {
    /// Everything that the host brings along.
    Host,
    /// One package.
    Package(Key),
    /// What the constructors in one list make ready; or the destructors in one are registered. By the list's id.
    List([u8; 16]),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Turn,
    Plugin(BuildId),
    Initialised(Initialised),
}

/// Why a thread can't wait for what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    /// This very thread is at it.
    Recursive,
    /// Another thread is at it, and that one can't go on before this one does.
    Cycle,
    /// A thread was at it that this process does not have, because it was forked.
    Forked,
}

/// What is next for a plugin that is to be opened.
pub(crate) enum Next<'s, P: Copy, F: Clone> {
    /// Nothing: it is open.
    Open(P),
    /// Nothing: it failed.
    Failed(F),
    /// It is for this thread to judge and map.
    Map(Mapping<'s, P, F>),
    /// It is mapped, and for this thread to initialise.
    Initialise(Opening<'s, P, F>),
}

/// What is next for something that is to be initialised.
pub(crate) enum Once<'s, P: Copy, F: Clone> {
    /// Nothing: it is.
    Done,
    /// Nothing: it failed.
    Failed(F),
    /// It is for this thread to do.
    Run(Running<'s, P, F>),
}

impl<P: Copy, F: Clone> Stages<P, F> {
    /// A process in which nothing has happened yet.
    pub(crate) const fn new() -> Self {
        let table =
            Table { turn: None, plugins: SortedMap::new(), mapped: SortedMap::new(), initialised: SortedMap::new(), waiting: Vec::new() };
        Self { table: ForkLock::new(table), changed: Condvar::new() }
    }

    /// Says what is next for the plugin with this content, after other threads have come to an end with it.
    ///
    /// # Errors
    ///
    /// Waiting for them would never end.
    pub(crate) fn begin(&self, plugin: BuildId) -> Result<Next<'_, P, F>, Blocked> {
        let this = Worker::this();
        let mut table = self.table.lock().ok_or(Blocked::Forked)?;
        loop {
            let awaited = match table.plugins.get(&plugin) {
                Some(Stage::Ended(Ok(open))) => return Ok(Next::Open(*open)),
                Some(Stage::Ended(Err(reason))) => return Ok(Next::Failed(reason.clone())),
                Some(Stage::UnderWay(worker)) if worker.is(this) => return Err(Blocked::Recursive),
                Some(Stage::UnderWay(_)) => Awaited::Plugin(plugin),
                None => {
                    if let Some(&mapped) = table.mapped.get(&plugin) {
                        table.plugins.insert(plugin, Stage::UnderWay(this));
                        return Ok(Next::Initialise(Opening {
                            stages: self,
                            build_id: plugin,
                            plugin: mapped,
                            has_turn: false,
                            outcome: None,
                        }));
                    }
                    if let Some(depth) = table.take_turn(this) {
                        // `Mapping::mapped` comes right after the loader and must not allocate; nor may those of turns within this one
                        // use up its room.
                        table.mapped.reserve(depth);
                        table.plugins.insert(plugin, Stage::UnderWay(this));
                        return Ok(Next::Map(Mapping { stages: self, build_id: plugin, handed_on: false }));
                    }
                    Awaited::Turn
                }
            };
            table = self.wait(table, this, awaited)?;
        }
    }

    /// Says what is next for something that is initialised once, after other threads have come to an end with it.
    ///
    /// # Errors
    ///
    /// Waiting for them would never end.
    pub(crate) fn once(&self, what: Initialised) -> Result<Once<'_, P, F>, Blocked> {
        let this = Worker::this();
        let mut table = self.table.lock().ok_or(Blocked::Forked)?;
        loop {
            match self.look(&mut table, what, this) {
                Ok(once) => return Ok(once),
                Err(worker) if worker.is(this) => return Err(Blocked::Recursive),
                Err(_) => table = self.wait(table, this, Awaited::Initialised(what))?,
            }
        }
    }

    /// As [`once`](Self::once), but without waiting: none if a thread is at it, perhaps this one.
    pub(crate) fn once_unless_under_way(&self, what: Initialised) -> Option<Once<'_, P, F>> {
        self.look(&mut *self.table.lock()?, what, Worker::this()).ok()
    }

    /// How something has ended; none if it has not.
    pub(crate) fn ended(&self, what: Initialised) -> Option<Result<(), F>> {
        match self.table.lock()?.initialised.get(&what) {
            Some(Stage::Ended(outcome)) => Some(outcome.clone()),
            Some(Stage::UnderWay(_)) | None => None,
        }
    }

    /// What became of the plugin with this content: it is mapped, or has failed for good; none if neither.
    pub(crate) fn opened(&self, plugin: BuildId) -> Option<Result<P, F>> {
        let table = self.table.lock()?;
        match table.plugins.get(&plugin) {
            Some(Stage::Ended(outcome)) => Some(outcome.clone()),
            Some(Stage::UnderWay(_)) | None => table.mapped.get(&plugin).map(|mapped| Ok(*mapped)),
        }
    }

    /// What is next, or who is at it.
    fn look(&self, table: &mut Table<P, F>, what: Initialised, this: Worker) -> Result<Once<'_, P, F>, Worker> {
        match table.initialised.get(&what) {
            Some(Stage::Ended(Ok(()))) => Ok(Once::Done),
            Some(Stage::Ended(Err(reason))) => Ok(Once::Failed(reason.clone())),
            Some(Stage::UnderWay(worker)) => Err(*worker),
            None => {
                table.initialised.insert(what, Stage::UnderWay(this));
                Ok(Once::Run(Running { stages: self, what, outcome: None }))
            }
        }
    }

    /// Whether a plugin can be mapped, now or when other threads have done so.
    ///
    /// # Errors
    ///
    /// Returns [`Blocked::Forked`] if a thread was mapping one when this process was forked: the system's loader may be anywhere in that.
    pub(crate) fn can_map(&self) -> Result<(), Blocked> {
        self.can_come(Awaited::Turn)
    }

    /// Whether the plugin with this content can be opened, now or when other threads have come to an end with it.
    ///
    /// # Errors
    ///
    /// Returns [`Blocked::Forked`] if a thread was opening it when this process was forked.
    pub(crate) fn can_open(&self, plugin: BuildId) -> Result<(), Blocked> {
        self.can_come(Awaited::Plugin(plugin))
    }

    /// Whether something can be initialised, now or when other threads have come to an end with it.
    ///
    /// # Errors
    ///
    /// Returns [`Blocked::Forked`] if a thread was initialising it when this process was forked.
    pub(crate) fn can_initialise(&self, what: Initialised) -> Result<(), Blocked> {
        self.can_come(Awaited::Initialised(what))
    }

    fn can_come(&self, awaited: Awaited) -> Result<(), Blocked> {
        let table = self.table.lock().ok_or(Blocked::Forked)?;
        match table.holder(awaited) {
            Some(holder) if holder.is_gone(Worker::this()) => Err(Blocked::Forked),
            _ => Ok(()),
        }
    }

    /// In a forked child, before it starts another thread.
    pub(crate) fn after_fork(&self) {
        self.table.after_fork();
    }

    /// Waits until something has changed, unless what is awaited can't come.
    fn wait<'t>(
        &'t self,
        mut table: MutexGuard<'t, Table<P, F>>,
        this: Worker,
        awaited: Awaited,
    ) -> Result<MutexGuard<'t, Table<P, F>>, Blocked> {
        if let Some(blocked) = table.never_comes(awaited, this) {
            return Err(blocked);
        }
        table.waiting.push((this.thread, awaited));
        let mut table = self.changed.wait(table).unwrap_or_else(PoisonError::into_inner);
        table.waiting.retain(|(thread, _)| *thread != this.thread);
        Ok(table)
    }

    /// Changes the table, and wakes those who wait for a change.
    fn change<R>(&self, change: impl FnOnce(&mut Table<P, F>) -> R) {
        // What a fork has lost stays as it was.
        let Some(mut table) = self.table.lock() else { return };
        change(&mut table);
        // To wake nobody is a call into the system too.
        if !table.waiting.is_empty() {
            self.changed.notify_all();
        }
    }
}

impl<P, F> Table<P, F> {
    /// Takes the turn, if no other thread has it; how many times this thread has it now.
    fn take_turn(&mut self, this: Worker) -> Option<usize> {
        let (worker, depth) = self.turn.get_or_insert((this, 0));
        if !worker.is(this) {
            return None;
        }
        *depth += 1;
        Some(*depth)
    }

    fn give_turn_back(&mut self) {
        if let Some((_, depth)) = &mut self.turn {
            *depth -= 1;
            if *depth == 0 {
                self.turn = None;
            }
        }
    }

    /// The thread that has to do something before this comes.
    fn holder(&self, awaited: Awaited) -> Option<Worker> {
        match awaited {
            Awaited::Turn => self.turn.map(|(worker, _)| worker),
            Awaited::Plugin(build_id) => self.plugins.get(&build_id)?.worker(),
            Awaited::Initialised(what) => self.initialised.get(&what)?.worker(),
        }
    }

    /// Why a thread must not wait for this: it would wait for itself, or for a thread that this process does not have.
    ///
    /// A thread that has its turn is within a shared library's constructor, and the system's loader holds a lock for it that
    /// initialisers of other threads may need: it must wait for none of them.
    fn never_comes(&self, mut awaited: Awaited, this: Worker) -> Option<Blocked> {
        if self.turn.is_some_and(|(worker, _)| worker.is(this)) {
            return Some(Blocked::Cycle);
        }
        // Each thread waits for one thing and each thing is one thread's, so this follows one path. It has no loop that
        // `this` is not in: whoever closed one was told so.
        while let Some(holder) = self.holder(awaited) {
            if holder.is(this) {
                return Some(Blocked::Cycle);
            }
            if holder.is_gone(this) {
                return Some(Blocked::Forked);
            }
            let (_, next) = self.waiting.iter().find(|(thread, _)| *thread == holder.thread)?;
            awaited = *next;
        }
        None
    }
}

impl<T, F> Stage<T, F> {
    fn worker(&self) -> Option<Worker> {
        match self {
            Self::UnderWay(worker) => Some(*worker),
            Self::Ended(_) => None,
        }
    }
}

/// This thread's turn to judge and map a plugin. If it is dropped before [`mapped`](Mapping::mapped), nothing has happened.
pub(crate) struct Mapping<'s, P: Copy, F: Clone> {
    stages: &'s Stages<P, F>,
    build_id: BuildId,
    handed_on: bool,
}

impl<'s, P: Copy, F: Clone> Mapping<'s, P, F> {
    /// The plugin is mapped.
    pub(crate) fn mapped(mut self, plugin: P) -> Opening<'s, P, F> {
        self.handed_on = true;
        self.stages.change(|table| table.mapped.insert(self.build_id, plugin));
        Opening { stages: self.stages, build_id: self.build_id, plugin, has_turn: true, outcome: None }
    }
}

impl<P: Copy, F: Clone> Drop for Mapping<'_, P, F> {
    fn drop(&mut self) {
        if !self.handed_on {
            self.stages.change(|table| {
                table.give_turn_back();
                table.plugins.remove(&self.build_id)
            });
        }
    }
}

/// The right to initialise and publish a mapped plugin. If it is dropped, that can be tried again.
pub(crate) struct Opening<'s, P: Copy, F: Clone> {
    stages: &'s Stages<P, F>,
    build_id: BuildId,
    plugin: P,
    has_turn: bool,
    outcome: Option<Result<(), F>>,
}

impl<P: Copy, F: Clone> Opening<'_, P, F> {
    /// The plugin.
    pub(crate) fn plugin(&self) -> P {
        self.plugin
    }

    /// Gives the turn back: constructors and initialisers are about to run. A plugin without any keeps it to its end, so that a library's constructor
    /// never finds it in between.
    pub(crate) fn initialises(&mut self) {
        if std::mem::take(&mut self.has_turn) {
            self.stages.change(Table::give_turn_back);
        }
    }

    /// It is open, or has failed for good.
    pub(crate) fn end(mut self, outcome: Result<(), F>) {
        self.outcome = Some(outcome);
    }
}

impl<P: Copy, F: Clone> Drop for Opening<'_, P, F> {
    fn drop(&mut self) {
        let outcome = self.outcome.take();
        self.stages.change(|table| {
            if self.has_turn {
                table.give_turn_back();
            }
            match outcome {
                Some(outcome) => table.plugins.insert(self.build_id, Stage::Ended(outcome.map(|()| self.plugin))),
                None => table.plugins.remove(&self.build_id),
            }
        });
    }
}

/// The right to run initialisers. If it is dropped before [`end`](Running::end), nobody has run them.
pub(crate) struct Running<'s, P: Copy, F: Clone> {
    stages: &'s Stages<P, F>,
    what: Initialised,
    outcome: Option<Result<(), F>>,
}

impl<P: Copy, F: Clone> Running<'_, P, F> {
    /// They have run, well or badly.
    pub(crate) fn end(mut self, outcome: Result<(), F>) {
        self.outcome = Some(outcome);
    }
}

impl<P: Copy, F: Clone> Drop for Running<'_, P, F> {
    fn drop(&mut self) {
        let outcome = self.outcome.take();
        self.stages.change(|table| match outcome {
            Some(outcome) => table.initialised.insert(self.what, Stage::Ended(outcome)),
            None => table.initialised.remove(&self.what),
        });
    }
}
