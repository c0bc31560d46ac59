"""Reads a calendar as somebody else's program does (python3-icalendar) and prints what it understood, a line each: for event_test.c."""
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(open(sys.argv[1], "rb").read())
print("METHOD", calendar["METHOD"])
for event in calendar.walk("VEVENT"):
    for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION"):
        if name in event:
            print(name, str(event[name]).replace("\n", "|"))
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        print(name, event.decoded(name).astimezone().astimezone(tz=None).timestamp())
