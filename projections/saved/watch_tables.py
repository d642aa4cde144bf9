"""The tables of what is saved of the watch and its alerts."""

from __future__ import annotations

from typing import Final

from projections.databases.views_database import Layout

TABLES: Final = (
    "progress",
    "standing",
    "turns",
    "links",
    "extents",
    "counts",
    "background",
    "reaches",
    "firsts",
    "alerts",
    "outbox",
    "parked",
    "attempts",
)
"""Those that are emptied when a district is judged by other rules."""
WATCH: Final = Layout(
    "watch",
    7,
    """
CREATE TABLE owners (
    district TEXT PRIMARY KEY, owner TEXT NOT NULL, epoch INTEGER NOT NULL, until INTEGER NOT NULL);
CREATE TABLE progress (
    district TEXT PRIMARY KEY, key TEXT NOT NULL, position INTEGER NOT NULL, hour INTEGER NOT NULL,
    reconciled BOOLEAN NOT NULL);
CREATE TABLE standing (
    district TEXT NOT NULL, subject TEXT NOT NULL, rule TEXT NOT NULL, place INTEGER NOT NULL,
    state TEXT NOT NULL, wake INTEGER, kept BLOB NOT NULL,
    PRIMARY KEY (district, subject, rule, place)) WITHOUT ROWID;
CREATE INDEX standing_wake ON standing (district, wake) WHERE wake IS NOT NULL;
CREATE INDEX standing_state ON standing (district, state) WHERE state <> 'satisfied';
CREATE TABLE turns (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, next_wake INTEGER, told BLOB NOT NULL,
    PRIMARY KEY (district, sequence)) WITHOUT ROWID;
CREATE TABLE links (
    district TEXT NOT NULL, target TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL,
    PRIMARY KEY (district, target, source, field)) WITHOUT ROWID;
CREATE TABLE extents (
    district TEXT NOT NULL, subject TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (district, subject)) WITHOUT ROWID;
CREATE INDEX extents_until ON extents (district, until);
CREATE TABLE counts (
    district TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, place INTEGER NOT NULL, count BLOB NOT NULL,
    PRIMARY KEY (district, rule, subject, place)) WITHOUT ROWID;
CREATE TABLE background (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, fact BLOB NOT NULL,
    PRIMARY KEY (district, sequence)) WITHOUT ROWID;
CREATE TABLE alerts (
    district TEXT NOT NULL, id TEXT NOT NULL, standing TEXT NOT NULL, escalate_at INTEGER, alert BLOB NOT NULL,
    subject TEXT NOT NULL, rule TEXT NOT NULL, party TEXT, classification TEXT NOT NULL, severity TEXT, place TEXT,
    raised_at TEXT, pressing TEXT, PRIMARY KEY (district, id)) WITHOUT ROWID;
CREATE INDEX alerts_listed ON alerts (district, standing, pressing, classification, rule, party, severity);
CREATE INDEX alerts_about ON alerts (district, subject, standing, pressing);
CREATE INDEX alerts_escalate ON alerts (district, escalate_at) WHERE escalate_at IS NOT NULL;
CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT, district TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    fact BLOB NOT NULL, UNIQUE (district, id));
CREATE TABLE parked (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL, fault_of TEXT NOT NULL,
    error TEXT NOT NULL, PRIMARY KEY (district, sequence, fault_of)) WITHOUT ROWID;
CREATE INDEX background_type ON background (district, type);
CREATE TABLE reaches (
    district TEXT NOT NULL, kind TEXT NOT NULL, concerned TEXT NOT NULL, subject TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (district, kind, concerned, subject)) WITHOUT ROWID;
CREATE INDEX reaches_until ON reaches (district, kind, concerned, until, since, subject);
CREATE INDEX reaches_subject ON reaches (district, subject);
CREATE TABLE firsts (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, earliest INTEGER NOT NULL,
    PRIMARY KEY (district, sequence)) WITHOUT ROWID;
CREATE TABLE attempts (district TEXT PRIMARY KEY, position INTEGER NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
""",
)
"""What is saved of the watch and its alerts, and who holds a district; its form is raised with every change."""
