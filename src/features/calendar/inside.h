#pragma once
/* What the files of this folder share. */
#include "features/calendar/calendar.h"

handler calendar_feed, calendar_mine, calendar_make, calendar_renew, calendar_end;
